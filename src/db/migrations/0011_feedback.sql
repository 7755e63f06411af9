-- What people tell the bureau: a false certificate, a fee for a free class, hours nobody taught. Owned by modules/feedback.
create schema feedback;
grant usage on schema feedback to skills_app;
create sequence feedback.report_numbers;
grant usage on sequence feedback.report_numbers to skills_app;

create table feedback.reports (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  kind           text not null check (kind in
    ('false-certificate', 'fee-charged', 'false-class', 'hours-withheld', 'false-hours', 'site', 'other')),
  about          text not null check (length(about) between 2 and 120), -- the class, body or certificate, as its reporter names it
  text_sealed    text not null,
  contact_sealed text,
  receipt_index  text not null unique, -- blind index of the code on the reporter's receipt
  reported_at    timestamptz not null,
  state          text not null default 'open' check (state in ('open', 'answered')),
  finding        text check (finding in ('confirmed', 'unfounded', 'cannot-tell', 'passed-on')),
  reply          text check (length(btrim(reply)) between 10 and 2000), -- told to the reporter; names nobody
  answered_by    text,
  answered_by_name text,
  answered_at    timestamptz,
  check ((state = 'open') = (reply is null) and (state = 'open') = (finding is null)),
  check ((state = 'open') = (answered_by is null) and (state = 'open') = (answered_at is null))
);
create index on feedback.reports (state, reported_at, id);
grant select, insert on feedback.reports to skills_app;
grant update (state, finding, reply, answered_by, answered_by_name, answered_at) on feedback.reports to skills_app;

-- An answer stands as it was given.
create function feedback.answer_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception using errcode = 'P0001', constraint = 'answer_stands', message = 'this report has been answered';
end $$;
create trigger answer_stands before update on feedback.reports
  for each row when (old.state = 'answered') execute function feedback.answer_stands();
