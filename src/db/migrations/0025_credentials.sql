-- Certificates as verifiable credentials: signing keys, what was issued, what people share. Owned by modules/credentials.
create schema credentials;
grant usage on schema credentials to skills_app;

-- Ed25519 keys of the issuer. The private half is sealed; the public half stays for ever, or old credentials could not be checked.
create table credentials.keys (
  id              uuid primary key default uuidv7(),
  number          int not null unique check (number > 0),
  public_key      text not null unique check (public_key ~ '^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$'),
  private_sealed  text not null,
  state           text not null default 'proposed' check (state in ('proposed', 'active', 'retired', 'withdrawn', 'rejected')),
  reason          text not null check (reason in ('first', 'routine', 'compromised')),
  note            text not null default '' check (length(note) <= 500),
  proposed_by     text not null,
  proposed_by_name text not null,
  proposed_at     timestamptz not null,
  decided_by      text,
  decided_by_name text,
  decided_at      timestamptz,
  ended_at        timestamptz,
  check ((state = 'proposed') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null) and (decided_at is null) = (decided_by_name is null)),
  check ((state in ('retired', 'withdrawn')) = (ended_at is not null)),
  -- two people; only the very first key comes with the installation itself
  check (reason = 'first' or decided_by is distinct from proposed_by),
  check (reason <> 'first' or number = 1)
);
create unique index one_active_key on credentials.keys ((true)) where state = 'active';
create unique index one_proposed_key on credentials.keys ((true)) where state = 'proposed';

create function credentials.keys_go_forward() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (old.state, new.state) not in (('proposed', 'active'), ('proposed', 'rejected'), ('active', 'retired'), ('active', 'withdrawn'),
      ('retired', 'withdrawn')) then
    raise exception using errcode = 'P0001', constraint = 'keys_go_forward', message = 'a key only goes forward';
  end if;
  return new;
end $$;
create trigger keys_go_forward before update on credentials.keys
  for each row execute function credentials.keys_go_forward();
grant select, insert on credentials.keys to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, ended_at) on credentials.keys to skills_app;

-- A status list holds 131072 credentials. Places are dealt in an order of the list's own, so a place does not tell a date.
create table credentials.lists (
  number     int primary key check (number > 0),
  multiplier int not null check (multiplier between 1 and 131071 and multiplier % 2 = 1),
  shift      int not null check (shift between 0 and 131071),
  dealt      int not null default 0 check (dealt between 0 and 131072),
  opened_at  timestamptz not null
);
grant select, insert on credentials.lists to skills_app;
grant update (dealt) on credentials.lists to skills_app;

-- One credential: for a certificate whose record it repeats, or for a course of the library, which it carries itself.
create table credentials.issued (
  id             uuid primary key default gen_random_uuid(), -- stands in the credential, so it tells no time
  kind           text not null check (kind in ('training', 'course')),
  person_id      uuid not null references people.persons,
  certificate_id uuid unique references assessment.certificates,
  source_key     text unique, -- what the online library calls this completion
  course         jsonb,
  holder_sealed  text,
  list           int not null references credentials.lists,
  place          int not null check (place between 0 and 131071),
  salt           text not null check (length(salt) >= 22),
  issued_at      timestamptz not null,
  revoked_at     timestamptz, -- of a course; a certificate's own state counts for a certificate
  revoked_by     text,
  revoke_reason  text check (length(revoke_reason) <= 500),
  unique (list, place),
  check ((kind = 'training') = (certificate_id is not null)),
  check ((kind = 'course') = (source_key is not null) and (kind = 'course') = (course is not null)
    and (kind = 'course') = (holder_sealed is not null)),
  check (kind = 'course' or revoked_at is null),
  check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoke_reason is null))
);
create index on credentials.issued (person_id);
create index on credentials.issued (list) where revoked_at is not null;
create index certificates_revoked on assessment.certificates (id) where state = 'revoked';

create function credentials.revoked_once() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.revoked_at is not null then
    raise exception using errcode = 'P0001', constraint = 'revoked_once', message = 'a revoked credential stays revoked';
  end if;
  return new;
end $$;
create trigger revoked_once before update on credentials.issued
  for each row execute function credentials.revoked_once();
grant select, insert on credentials.issued to skills_app;
grant update (revoked_at, revoked_by, revoke_reason) on credentials.issued to skills_app;

-- What a learner shows to whoever has the link. Only the digest of the link's token is here.
create table credentials.shares (
  id             uuid primary key default uuidv7(),
  person_id      uuid not null references people.persons,
  token_digest   text not null unique check (token_digest ~ '^[0-9a-f]{64}$'),
  show_name      boolean not null,
  created_at     timestamptz not null,
  expires_at     timestamptz not null,
  revoked_at     timestamptz,
  openings       int not null default 0 check (openings >= 0),
  last_opened_at timestamptz,
  check (expires_at > created_at and expires_at <= created_at + interval '90 days'),
  check ((openings = 0) = (last_opened_at is null))
);
create index on credentials.shares (person_id, created_at desc);
create table credentials.share_items (
  share_id  uuid not null references credentials.shares,
  kind      text not null check (kind in ('credential', 'hours')),
  ref       uuid not null, -- of credentials.issued, or of a class
  primary key (share_id, kind, ref)
);

create function credentials.shares_go_forward() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.revoked_at is not null then
    raise exception using errcode = 'P0001', constraint = 'shares_go_forward', message = 'a revoked share stays revoked';
  end if;
  if new.openings < old.openings then
    raise exception using errcode = 'P0001', constraint = 'shares_go_forward', message = 'openings are only added';
  end if;
  return new;
end $$;
create trigger shares_go_forward before update on credentials.shares
  for each row execute function credentials.shares_go_forward();
grant select, insert on credentials.shares, credentials.share_items to skills_app;
grant update (revoked_at, openings, last_opened_at) on credentials.shares to skills_app;
