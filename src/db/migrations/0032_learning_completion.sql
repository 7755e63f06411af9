-- What became of a day of online learning when it was brought into the ledger, and completions that were taken back.
-- Owned by modules/learning.
create table learning.settlements (
  registration_id uuid not null references learning.registrations,
  on_day          date not null,
  minutes         int not null check (minutes >= 0), -- what stands in the ledger after it
  reason          text not null default '',          -- why nothing, or not all, went there
  at              timestamptz not null,
  primary key (registration_id, on_day)
);
grant select, insert on learning.settlements to skills_app;
grant update (minutes, reason, at) on learning.settlements to skills_app;

-- A completion that should not have been; its credential is revoked by a job of the same commit. Append-only.
create table learning.withdrawals (
  registration_id uuid primary key references learning.completions,
  at              timestamptz not null,
  by_user         text not null,
  by_name         text not null,
  reason          text not null check (length(reason) between 4 and 500)
);
grant select, insert on learning.withdrawals to skills_app;
