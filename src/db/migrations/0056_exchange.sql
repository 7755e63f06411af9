-- What mentors and centres offer and firms book: offers, wishes, bookings, sign-ins, hours given, yearly returns.
-- Owned by modules/exchange. HZ4-M06 R24, HZ4-M07; X01 no overlap and places, X02 hours by both sides, X03 yearly return.
create schema exchange;
grant usage on schema exchange to skills_app;

create table exchange.offers (
  id          uuid primary key default uuidv7(),
  kind        text not null check (kind in ('mentor', 'seats')),
  designation_id uuid not null references recognition.designations,
  organisation_id uuid references people.organisations, -- the centre; null for a mentor
  mentor_person_id uuid references people.persons,       -- the mentor; null for a centre
  host_name   text not null check (length(host_name) between 1 and 120), -- holders of titles are public
  industry    text not null check (length(industry) between 2 and 60),
  subject     text not null check (length(subject) between 2 and 80),
  summary     text not null default '' check (length(summary) <= 1000),
  place       text not null check (length(place) between 2 and 160),
  place_key   text, -- what two offers may not use at one time; null: online
  room_id     uuid references training.rooms,
  subdistrict text,
  during      tstzrange not null check (not isempty(during) and lower_inc(during) and not upper_inc(during)
                and upper(during) - lower(during) <= interval '10 hours'),
  capacity    int not null check (capacity between 1 and 500),
  free        boolean not null check (free), -- declared: nobody pays, nothing is sold
  sign_in_code text not null check (sign_in_code ~ '^[0-9A-HJKMNP-TV-Z]{6}$'),
  state       text not null default 'open' check (state in ('open', 'given', 'cancelled')),
  cancel_note text not null default '',
  offered_by  text not null, offered_at timestamptz not null,
  check ((kind = 'mentor') = (mentor_person_id is not null) and (kind = 'seats') = (organisation_id is not null)),
  constraint mentor_elsewhere exclude using gist (mentor_person_id with =, during with &&) where (state <> 'cancelled'),
  constraint place_taken exclude using gist (place_key with =, during with &&) where (state <> 'cancelled')
);
create index on exchange.offers (lower(during)) where state = 'open';
create index on exchange.offers (designation_id);

create table exchange.wishes (
  id          uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  industry    text not null check (length(industry) between 2 and 60),
  subject     text not null check (length(subject) between 2 and 80),
  detail      text not null default '' check (length(detail) <= 1000),
  subdistrict text,
  from_on     date not null,
  to_on       date not null check (to_on >= from_on),
  persons     int not null check (persons between 1 and 500),
  state       text not null default 'open' check (state in ('open', 'met', 'withdrawn')),
  asked_by    text not null, asked_at timestamptz not null
);
create index on exchange.wishes (organisation_id, id desc);

create table exchange.bookings (
  id          uuid primary key default uuidv7(),
  offer_id    uuid not null references exchange.offers,
  organisation_id uuid not null references people.organisations,
  wish_id     uuid references exchange.wishes,
  seats       int not null check (seats between 1 and 500),
  state       text not null default 'booked' check (state in ('booked', 'cancelled')),
  booked_by   text not null, booked_at timestamptz not null,
  cancelled_at timestamptz,
  unique (id, offer_id),
  check ((state = 'cancelled') = (cancelled_at is not null))
);
create unique index booked_once on exchange.bookings (offer_id, organisation_id) where state = 'booked';
create index on exchange.bookings (organisation_id, id desc);

create function exchange.places_left() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare o exchange.offers; taken int;
begin
  select * into o from exchange.offers where id = new.offer_id for no key update;
  if o.state <> 'open' then
    raise exception using errcode = 'P0001', constraint = 'offer_closed', message = 'the offer is not open';
  end if;
  if o.organisation_id = new.organisation_id then
    raise exception using errcode = 'P0001', constraint = 'own_offer', message = 'seats are for others';
  end if;
  select coalesce(sum(b.seats), 0) into taken from exchange.bookings b where b.offer_id = new.offer_id and b.state = 'booked';
  if taken + new.seats > o.capacity then
    raise exception using errcode = 'P0001', constraint = 'places_left', message = 'no place is left';
  end if;
  return new;
end $$;
create trigger places_left before insert on exchange.bookings for each row execute function exchange.places_left();

create table exchange.sign_ins (
  offer_id   uuid not null,
  booking_id uuid not null,
  person_id  uuid not null references people.persons,
  at         timestamptz not null,
  primary key (offer_id, person_id),
  foreign key (booking_id, offer_id) references exchange.bookings (id, offer_id)
);

-- What each side says took place. Rows are only inserted: one of the host, one of each firm.
create table exchange.accounts (
  id        uuid primary key default uuidv7(),
  offer_id  uuid not null references exchange.offers,
  side      text not null check (side in ('host', 'guest')),
  booking_id uuid,
  minutes   int not null check (minutes between 1 and 600),
  persons   int not null check (persons between 0 and 500),
  rating    int check (rating between 1 and 5),
  words     text not null default '' check (length(words) <= 1000),
  free      boolean not null, -- nobody was asked to pay, nothing was sold
  given_by  text not null, given_by_name text not null, given_at timestamptz not null,
  check ((side = 'guest') = (booking_id is not null) and (side = 'guest') = (rating is not null)),
  foreign key (booking_id, offer_id) references exchange.bookings (id, offer_id)
);
create unique index host_once on exchange.accounts (offer_id) where side = 'host';
create unique index guest_once on exchange.accounts (booking_id) where side = 'guest';

-- Hours given: append-only. A mistake is taken back by its mirror, never edited.
create table exchange.given_hours (
  id          bigint generated always as identity primary key,
  offer_id    uuid not null references exchange.offers,
  designation_id uuid not null references recognition.designations,
  given_on    date not null,
  minutes     int not null check (minutes <> 0),
  persons     int not null,
  evidence    jsonb not null,
  reverses    bigint unique references exchange.given_hours,
  reason      text not null default '',
  entered_by  text not null, entered_by_name text not null, entered_at timestamptz not null,
  check ((minutes < 0) = (reverses is not null) and (reverses is null or length(reason) >= 4))
);
create unique index hours_once on exchange.given_hours (offer_id) where reverses is null;
create index on exchange.given_hours (designation_id, given_on);

create function exchange.hours_by_both() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
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
  select max(a.minutes) into guest from exchange.accounts a where a.offer_id = new.offer_id and a.side = 'guest' and a.free;
  if host is null or guest is null or new.minutes > least(host, guest) then
    raise exception using errcode = 'P0001', constraint = 'hours_by_both', message = 'both sides must have said so';
  end if;
  return new;
end $$;
create trigger hours_by_both before insert on exchange.given_hours for each row execute function exchange.hours_by_both();

create table exchange.reminders (
  designation_id uuid not null references recognition.designations,
  year           int not null,
  month          int not null check (month between 1 and 12),
  given_minutes  int not null,
  needed_minutes int not null,
  at             timestamptz not null,
  primary key (designation_id, year, month)
);

-- A yearly data return beside what the platform has on record of the same year.
create table exchange.returns (
  id          uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  designation_id uuid not null references recognition.designations,
  year        int not null check (year between 2020 and 2100),
  own         jsonb not null,
  platform    jsonb not null,
  explanation text not null default '' check (length(explanation) <= 2000),
  state       text not null default 'submitted' check (state in ('submitted', 'returned', 'accepted')),
  submitted_by text not null, submitted_at timestamptz not null,
  decided_by  text, decided_by_name text, decided_at timestamptz, note text not null default '',
  check ((state = 'submitted') = (decided_by is null)),
  constraint return_by_another check (decided_by is null or decided_by <> submitted_by)
);
create unique index return_once on exchange.returns (designation_id, year) where state <> 'returned';
create index on exchange.returns (organisation_id, year);

grant select, insert on all tables in schema exchange to skills_app;
grant update (state, cancel_note) on exchange.offers to skills_app;
grant update (state) on exchange.wishes to skills_app;
grant update (state, cancelled_at) on exchange.bookings to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on exchange.returns to skills_app;
