-- A launch that had to give way: on one origin only one package is before a learner, and opening the next ends it.
alter table packages.launches
  drop constraint launches_end_reason_check,
  add constraint launches_end_reason_check check (end_reason in ('terminated', 'elsewhere', 'abandoned', 'displaced'));
