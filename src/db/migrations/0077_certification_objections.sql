-- Objections to the published results of an assessment batch: sealed, a receipt told once, decided by somebody who took no
-- part. No batch leaves its publicity with one open. Owned by modules/certification. V04.
create table certification.objections (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  batch_id       uuid not null references certification.batches,
  round          int not null check (round > 0),
  seq            int check (seq > 0), -- whose result; null: the batch as a whole
  receipt_index  text not null unique,
  reason         text not null check (length(reason) between 1 and 40),
  text_sealed    text not null,
  contact_sealed text,
  lodged_at      timestamptz not null,
  due_on         date not null,
  state          text not null default 'open' check (state in ('open', 'upheld', 'dismissed')),
  reply          text not null default '' check (length(reply) <= 2000),
  decided_by     text,
  decided_by_name text not null default '',
  decided_at     timestamptz,
  check ((state = 'open') = (decided_at is null) and (state = 'open') = (decided_by is null))
);
create index on certification.objections (batch_id) where state = 'open';

create function certification.objections_open() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from certification.objections o where o.batch_id = new.id and o.state = 'open') then
    raise exception using errcode = 'P0001', constraint = 'objections_open', message = 'an objection has no answer';
  end if;
  return new;
end $$;
create trigger objections_open before update on certification.batches for each row
  when (new.state in ('cleared', 'publicised') and old.state = 'held' or new.state = 'cleared' and old.state <> 'cleared')
  execute function certification.objections_open();

create function certification.objection_stands() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if old.state <> 'open' then
    raise exception using errcode = 'P0001', constraint = 'objection_stands', message = 'the objection is decided';
  end if;
  return new;
end $$;
create trigger objection_stands before update on certification.objections
  for each row execute function certification.objection_stands();

grant select, insert on certification.objections to skills_app;
grant update (state, reply, decided_by, decided_by_name, decided_at) on certification.objections to skills_app;
