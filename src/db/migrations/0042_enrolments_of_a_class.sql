-- Everybody in a class, withdrawn or not: asked by quotes, hours and rosters.
create index on training.enrolments (class_id);
