-- A copy of a paper with everything blacked out that names the applicant: what the experts read.
alter table recognition.materials add column blind_of uuid references recognition.materials;
create unique index one_blind_copy on recognition.materials (blind_of) where blind_of is not null and dropped_at is null;

-- A holder is referred to the department that owns a benefit; the letter is made from the row. Only added to.
create table recognition.referrals (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  designation_id uuid not null references recognition.designations,
  benefit        text not null check (length(benefit) between 1 and 120),
  body           text not null,
  doc_no         text not null default '' check (length(doc_no) <= 60),
  note           text not null default '' check (length(note) <= 1000),
  by_user        text not null,
  by_name        text not null,
  at             timestamptz not null
);
create index on recognition.referrals (designation_id);
grant select, insert on recognition.referrals to skills_app;
