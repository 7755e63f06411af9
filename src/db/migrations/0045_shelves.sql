-- How many listed courses there are of each kind (HZ4-M13). The catalogue's first page and its facets are sums over these
-- few rows instead of over all courses. Kept by the database in the transaction that lists, changes or takes off a course.

create function library.hours_step(hours int) returns text language sql immutable parallel safe
  return case when hours <= 4 then 'short' when hours <= 16 then 'middle' else 'long' end;

create table library.shelves (
  id                 int generated always as identity primary key,
  occupation_edition text,
  occupation_code    text,
  level              text,
  groups             text[] not null,
  hours              text not null,
  captioned          boolean not null,
  subsidised         boolean not null,
  courses            int not null check (courses >= 0),
  unique nulls not distinct (occupation_edition, occupation_code, level, groups, hours, captioned, subsidised)
);
insert into library.shelves (occupation_edition, occupation_code, level, groups, hours, captioned, subsidised, courses)
  select occupation_edition, occupation_code, level, groups, library.hours_step(planned_class_hours), captioned, subsidised, count(*)
  from library.courses where state in ('trial', 'admitted') group by 1, 2, 3, 4, 5, 6, 7;
grant select on library.shelves to skills_app;

-- Rows are made first and counted then, in the order of their ids: two courses that change places wait for each other
-- instead of stopping each other.
create function library.count_shelves() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  with moved as (
    select c.occupation_edition, c.occupation_code, c.level, c.groups, library.hours_step(c.planned_class_hours) as hours, c.captioned, c.subsidised
    from (select new.* where tg_op <> 'DELETE' union all select old.* where tg_op <> 'INSERT') c where c.state in ('trial', 'admitted'))
  insert into library.shelves (occupation_edition, occupation_code, level, groups, hours, captioned, subsidised, courses)
    select *, 0 from moved on conflict do nothing;
  with moved as (
    select c.occupation_edition, c.occupation_code, c.level, c.groups, library.hours_step(c.planned_class_hours) as hours, c.captioned, c.subsidised, c.n
    from (select new.*, 1 as n where tg_op <> 'DELETE' union all select old.*, -1 where tg_op <> 'INSERT') c where c.state in ('trial', 'admitted')),
  changed as (
    select s.id, m.n from library.shelves s join (
      select occupation_edition, occupation_code, level, groups, hours, captioned, subsidised, sum(n) as n from moved group by 1, 2, 3, 4, 5, 6, 7 having sum(n) <> 0) m
      on (s.occupation_edition, s.occupation_code, s.level) is not distinct from (m.occupation_edition, m.occupation_code, m.level)
        and s.groups = m.groups and s.hours = m.hours and s.captioned = m.captioned and s.subsidised = m.subsidised
    order by s.id for update of s)
  update library.shelves s set courses = s.courses + changed.n from changed where s.id = changed.id;
  return null;
end $$;
create trigger count_shelves after insert or delete on library.courses
  for each row execute function library.count_shelves();
create trigger count_shelves_moved after update of state, occupation_edition, occupation_code, level, groups, planned_class_hours, captioned, subsidised
  on library.courses for each row
  when ((old.state, old.occupation_edition, old.occupation_code, old.level, old.groups, old.planned_class_hours, old.captioned, old.subsidised)
    is distinct from (new.state, new.occupation_edition, new.occupation_code, new.level, new.groups, new.planned_class_hours, new.captioned, new.subsidised))
  execute function library.count_shelves();
