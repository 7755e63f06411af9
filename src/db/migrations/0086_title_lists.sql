-- The register is read newest first and counted for a day without touching the rows; a desk's queue is walked in the order
-- in which things are due, a page at a time, however many wait.
create index on recognition.designations (designated_on desc, id desc)
  include (ended_on, scheme, state, organisation_id);
create index clocks_in_order on platform.clocks (subject_kind, due_on, subject_id) where ended_on is null;
