-- What the bank answered is booked by somebody else than who handed it in. Returns booked before this rule stay as they were.
alter table subsidy.bank_returns
  add constraint return_by_two check (applied_by is null or applied_by <> by_user) not valid;
