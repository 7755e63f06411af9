-- Indexes that a full plan's load asked for (npm run district): without them each row below reads a whole table.
create index on training.hour_entries (enrolment_id); -- the ledger of one enrolment, and the guard of every new entry
create index on training.sessions (makeup_of) where makeup_of is not null;
