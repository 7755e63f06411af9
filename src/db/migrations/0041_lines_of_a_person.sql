-- "Did somebody claim for this person before": asked for every line of every claim (C09), also where no cap is held.
create index on subsidy.claim_lines (person_id) where live;
