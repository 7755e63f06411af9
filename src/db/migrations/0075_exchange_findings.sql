-- A firm that says nothing no longer holds a mentor's hours for ever: two officers find on evidence, or release its
-- booking. Sheets signed on paper stand beside the phones. A class is not planned into a room whose seats are open.
-- Owned by modules/exchange. X01, X02, C13.
alter table exchange.offers drop constraint offers_state_check;
alter table exchange.offers add constraint offers_state_check check (state in ('open', 'given', 'lapsed', 'cancelled'));

create table exchange.findings (
  id           uuid primary key default uuidv7(),
  offer_id     uuid not null,
  booking_id   uuid not null,
  outcome      text not null check (outcome in ('confirm', 'release')),
  minutes      int check (minutes between 1 and 600),
  persons      int check (persons between 0 and 500),
  evidence     text not null check (length(evidence) between 10 and 1000),
  host_said_on date not null,
  due_on       date, -- null: the bureau had laid down no days, so it was decided by hand
  hand_reason  text not null default '' check (length(hand_reason) <= 500),
  state        text not null default 'proposed' check (state in ('proposed', 'approved', 'declined')),
  proposed_by  text not null, proposed_by_name text not null, proposed_at timestamptz not null,
  decided_by   text, decided_by_name text, decided_at timestamptz, note text not null default '',
  foreign key (booking_id, offer_id) references exchange.bookings (id, offer_id),
  check ((outcome = 'confirm') = (minutes is not null) and (outcome = 'confirm') = (persons is not null)),
  check (due_on is not null or length(hand_reason) >= 10),
  check ((state = 'proposed') = (decided_by is null)),
  constraint finding_by_another check (decided_by is null or decided_by <> proposed_by)
);
create unique index finding_once on exchange.findings (booking_id) where state <> 'declined';
create index on exchange.findings (offer_id);

-- A firm that has spoken is not found for; whom the office has found for speaks no more.
create function exchange.silent_only() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform 1 from exchange.offers o where o.id = new.offer_id for no key update;
  if exists (select from exchange.accounts a where a.booking_id = new.booking_id) then
    raise exception using errcode = 'P0001', constraint = 'firm_spoke', message = 'the firm has spoken';
  end if;
  return new;
end $$;
create trigger silent_only before insert or update on exchange.findings for each row execute function exchange.silent_only();

create function exchange.not_found_for() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from exchange.findings f where f.booking_id = new.booking_id and f.state = 'approved') then
    raise exception using errcode = 'P0001', constraint = 'found_for', message = 'the office has found in its place';
  end if;
  return new;
end $$;
create trigger not_found_for before insert on exchange.accounts for each row when (new.booking_id is not null)
  execute function exchange.not_found_for();

create or replace function exchange.hours_by_both() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare host int; guest int; mirrored exchange.given_hours;
begin
  if new.reverses is not null then
    select * into mirrored from exchange.given_hours g where g.id = new.reverses;
    if mirrored.offer_id <> new.offer_id or mirrored.minutes <> -new.minutes or mirrored.persons <> -new.persons
      or mirrored.reverses is not null then
      raise exception using errcode = 'P0001', constraint = 'reversal_mirrors', message = 'a reversal mirrors its entry';
    end if;
    return new;
  end if;
  select max(a.minutes) into host from exchange.accounts a where a.offer_id = new.offer_id and a.side = 'host' and a.free;
  select max(said.minutes) into guest from (
    select a.minutes from exchange.accounts a where a.offer_id = new.offer_id and a.side = 'guest' and a.free
    union all
    select f.minutes from exchange.findings f where f.offer_id = new.offer_id and f.state = 'approved' and f.outcome = 'confirm'
  ) said;
  if host is null or guest is null or new.minutes > least(host, guest) then
    raise exception using errcode = 'P0001', constraint = 'hours_by_both', message = 'both sides must have said so';
  end if;
  return new;
end $$;

-- The list signed on paper, kept sealed: for whoever has no phone, and as evidence.
create table exchange.sheets (
  id       uuid primary key default uuidv7(),
  offer_id uuid not null references exchange.offers,
  file_id  uuid not null references platform.files,
  persons  int not null check (persons between 1 and 500),
  added_by text not null, added_by_name text not null, added_at timestamptz not null
);
create index on exchange.sheets (offer_id);

grant select, insert on exchange.findings, exchange.sheets to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on exchange.findings to skills_app;

-- Both who opens seats and who plans a class lock the room first, so the later of the two always sees the earlier.
create function exchange.room_opened() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  perform 1 from training.rooms r where r.id = new.room_id for no key update;
  if exists (select from exchange.offers o where o.room_id = new.room_id and o.state = 'open' and o.during && new.during) then
    raise exception using errcode = 'P0001', constraint = 'room_opened', message = 'seats of the room are open at that time';
  end if;
  return new;
end $$;
create trigger room_opened_insert before insert on training.sessions for each row
  when (new.room_id is not null and new.state <> 'cancelled') execute function exchange.room_opened();
create trigger room_opened_update before update of room_id, during on training.sessions for each row
  when (new.room_id is not null and new.state <> 'cancelled'
    and (new.room_id is distinct from old.room_id or new.during is distinct from old.during))
  execute function exchange.room_opened();
