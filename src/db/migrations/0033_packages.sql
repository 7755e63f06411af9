-- Packages come in by the library's upload and go out as lessons; cmi5 sessions; data that units of a package share.
alter table library.media
  add column purpose text not null default 'file' check (purpose in ('file', 'package')),
  add column course_id uuid references library.courses, -- of a package: the course it is to become part of
  add check ((purpose = 'package') = (course_id is not null));
create index on library.media (course_id, created_at desc) where course_id is not null;

alter table library.items add foreign key (package_id) references packages.packages;

alter table packages.packages
  add column media_id uuid unique references library.media,
  add column sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  add column pool text not null default '' check (length(pool) <= 60), -- where the questions of a QTI package go
  add column confirmed_by text,
  add column confirmed_at timestamptz,
  add column questions_added int not null default 0 check (questions_added >= 0);
grant update (pool, confirmed_by, confirmed_at, questions_added) on packages.packages to skills_app;

-- What the units of one package keep together for one learner (SCORM 2004 4th edition, adl.data).
create table packages.stores (
  registration_id uuid not null, -- learning.registrations
  item_id         uuid not null references library.items,
  store_id        text not null check (length(store_id) between 1 and 4000),
  value           text not null check (length(value) <= 64000),
  updated_at      timestamptz not null,
  primary key (registration_id, item_id, store_id)
);
grant select, insert, update on packages.stores to skills_app;

-- cmi5: one registration for a learner and a package, under one name and one home for all its statements.
create table packages.cmi5_registrations (
  id              uuid primary key default uuidv7(),
  registration_id uuid not null, -- learning.registrations
  item_id         uuid not null references library.items,
  package_id      uuid not null references packages.packages,
  person_id       uuid not null references people.persons,
  organisation_id uuid not null references people.organisations, -- whose record store keeps its statements
  home            text not null,
  account_name    text not null,
  created_at      timestamptz not null,
  unique (registration_id, item_id)
);
grant select, insert on packages.cmi5_registrations to skills_app;

-- Which blocks and courses the platform has called satisfied: once each.
create table packages.cmi5_satisfied (
  cmi5_registration_id uuid not null references packages.cmi5_registrations,
  node_id      text not null,
  at           timestamptz not null,
  primary key (cmi5_registration_id, node_id)
);
grant select, insert on packages.cmi5_satisfied to skills_app;

alter table packages.launches add column fetched_at timestamptz; -- cmi5: when the one-time token was fetched
grant update (fetched_at) on packages.launches to skills_app;
