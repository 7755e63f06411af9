-- What a system administrator sees of the queue, and the one thing that may be done to it: a job that has used up its
-- tries is sent again. The application still reaches no table of the queue. Of an error only the first line is told, long
-- numbers blotted out: it may speak of a person.
create function platform.queue_tasks()
returns table (task text, due int, running int, later int, dead int, oldest_seconds int)
language sql stable security definer set search_path = pg_catalog as $$
  select task_identifier,
    (count(*) filter (where locked_at is null and attempts < max_attempts and run_at <= now()))::int,
    (count(*) filter (where locked_at is not null))::int,
    (count(*) filter (where locked_at is null and attempts < max_attempts and run_at > now()))::int,
    (count(*) filter (where locked_at is null and attempts >= max_attempts))::int,
    coalesce(extract(epoch from now() - min(run_at) filter (where locked_at is null and attempts < max_attempts and run_at <= now())), 0)::int
  from graphile_worker.jobs group by task_identifier order by task_identifier
$$;

create function platform.dead_letters()
returns table (id bigint, task text, attempts int, error text, queued_at timestamptz, failed_at timestamptz)
language sql stable security definer set search_path = pg_catalog as $$
  select id, task_identifier, attempts, left(regexp_replace(split_part(coalesce(last_error, ''), E'\n', 1), '[0-9]{4,}', '####', 'g'), 200),
    created_at, updated_at
  from graphile_worker.jobs where locked_at is null and attempts >= max_attempts order by updated_at desc limit 200
$$;

create function platform.resend_job(job bigint) returns text
language sql security definer set search_path = pg_catalog as $$
  select task_identifier from graphile_worker.reschedule_jobs(
    array(select id from graphile_worker.jobs where id = job and locked_at is null and attempts >= max_attempts), now(), null, 0) j
    join graphile_worker.jobs v on v.id = j.id
$$;

revoke all on function platform.queue_tasks, platform.dead_letters, platform.resend_job from public;
grant execute on function platform.queue_tasks, platform.dead_letters, platform.resend_job to skills_app;

-- Archives of packages that nothing refers to any more are deleted after as many days as the figure says; what was sent,
-- when and by whom, stays. Once here, an archive is gone or about to go.
create table packages.archive_drops (
  package_id  uuid primary key references packages.packages,
  archive_key text not null,
  at          timestamptz not null
);
grant select, insert on packages.archive_drops to skills_app;
