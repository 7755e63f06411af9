-- The groups of a person: asked for every line of every claim (C11).
create index on people.group_memberships (person_id);
