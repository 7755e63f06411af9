-- Persons and organisations. Owned by modules/people. Names, documents, phones and accounts are sealed (encrypted by the
-- application) and found again by a blind index; what is shown by default is the masked form.
create schema people;
create schema occupations;
grant usage on schema people, occupations to skills_app;

create table people.persons (
  id              uuid primary key default uuidv7(),
  document_kind   text not null check (document_kind in
    ('resident-id', 'hmt-residence-permit', 'hm-travel-permit', 'tw-travel-permit', 'foreign-residence-permit', 'passport')),
  document_sealed text not null,
  document_index  text not null unique,
  document_masked text not null,
  name_sealed     text not null,
  name_index      text not null,
  name_masked     text not null,
  phone_sealed    text,
  phone_index     text,
  phone_masked    text,
  details_sealed  text not null, -- {bornOn, sex, address}
  subdistrict     text,          -- 9-digit code of residence
  hukou_area      text,
  created_at      timestamptz not null,
  version         int not null default 1
);
create index on people.persons (name_index);
create index on people.persons (phone_index);
grant select, insert on people.persons to skills_app;
grant update (name_sealed, name_index, name_masked, phone_sealed, phone_index, phone_masked, details_sealed, subdistrict, hukou_area, version)
  on people.persons to skills_app;

-- A name that changed keeps its old form with its time and proof, so that old certificates still match.
create table people.person_names (
  id          uuid primary key default uuidv7(),
  person_id   uuid not null references people.persons,
  name_sealed text not null,
  name_index  text not null,
  name_masked text not null,
  valid_from  date not null,
  valid_to    date check (valid_to >= valid_from),
  evidence    text not null,
  recorded_at timestamptz not null,
  recorded_by text not null
);
create unique index on people.person_names (person_id) where valid_to is null;
grant select, insert on people.person_names to skills_app;
grant update (valid_to) on people.person_names to skills_app;

create table people.organisations (
  id            uuid primary key default uuidv7(),
  uscc          text not null unique check (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$'),
  name          text not null check (length(name) between 2 and 120),
  type          text not null check (type in ('enterprise', 'provider', 'school', 'association', 'assessment-org')),
  address       text not null,
  subdistrict   text not null,
  industry      text not null default '',
  legal_representative text not null default '',
  contact_name  text not null default '',
  contact_phone_sealed text,
  contact_phone_masked text,
  registered_on date not null,
  tags          text[] not null default '{}',
  status        text not null default 'active' check (status in ('active', 'suspended', 'closed')),
  created_at    timestamptz not null,
  version       int not null default 1
);
grant select, insert on people.organisations to skills_app;
grant update (name, address, subdistrict, industry, legal_representative, contact_name, contact_phone_sealed, contact_phone_masked, tags, status, version)
  on people.organisations to skills_app;

-- What an organisation may teach, from when to when. An empty occupation list means any occupation.
create table people.licences (
  id              uuid primary key default uuidv7(),
  organisation_id uuid not null references people.organisations,
  number          text not null,
  kind            text not null check (kind in ('school-permit', 'filing', 'own-staff')),
  occupations     text[] not null default '{}', -- 'edition:code'
  valid_from      date not null,
  valid_to        date check (valid_to >= valid_from),
  issuer          text not null,
  file_id         uuid references platform.files,
  recorded_at     timestamptz not null,
  recorded_by     text not null
);
create index on people.licences (organisation_id);
grant select, insert on people.licences to skills_app;
grant update (valid_to) on people.licences to skills_app;

create table people.bank_accounts (
  id              uuid primary key default uuidv7(),
  organisation_id uuid references people.organisations,
  person_id       uuid references people.persons,
  holder          text not null,
  bank            text not null,
  branch          text not null,
  account_sealed  text not null,
  account_index   text not null,
  account_masked  text not null,
  verified_at     timestamptz,
  verified_by     text,
  valid_from      date not null,
  valid_to        date check (valid_to >= valid_from),
  recorded_at     timestamptz not null,
  recorded_by     text not null,
  check ((organisation_id is null) <> (person_id is null)),
  check (verified_by is distinct from recorded_by) -- four eyes: who typed it does not confirm it
);
create unique index on people.bank_accounts (organisation_id) where valid_to is null;
create unique index on people.bank_accounts (person_id) where valid_to is null;
create index on people.bank_accounts (account_index);
grant select, insert on people.bank_accounts to skills_app;
grant update (verified_at, verified_by, valid_to) on people.bank_accounts to skills_app;

-- Belonging to a key group is another department's knowledge, with proof and an end; never a tick-box.
create table people.group_memberships (
  id          uuid primary key default uuidv7(),
  person_id   uuid not null references people.persons,
  group_code  text not null,
  source_body text not null,
  evidence    text not null,
  validity    daterange not null check (not isempty(validity)),
  verified_at timestamptz not null,
  verified_by text not null,
  revoked_at  timestamptz,
  exclude using gist (person_id with =, group_code with =, validity with &&) where (revoked_at is null)
);
grant select, insert on people.group_memberships to skills_app;
grant update (revoked_at) on people.group_memberships to skills_app;

-- Occupations by (edition, code): codes were re-used between editions.
create table occupations.occupations (
  edition      text not null,
  code         text not null,
  title        text not null,
  level_scheme text not null,
  work_types   text[] not null default '{}',
  verified     boolean not null,
  source       text not null,
  primary key (edition, code)
);
grant select, insert on occupations.occupations to skills_app;
grant update (title, level_scheme, work_types, verified, source) on occupations.occupations to skills_app;
