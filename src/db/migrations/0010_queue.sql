-- How long the oldest job that is due has waited: the readiness check's question, answered without opening the queue to
-- the application.
create function platform.queue_age_seconds() returns int language sql stable security definer set search_path = pg_catalog as $$
  select coalesce(extract(epoch from now() - min(run_at)), 0)::int
  from graphile_worker.jobs where run_at < now() and locked_at is null and attempts < max_attempts
$$;
revoke all on function platform.queue_age_seconds from public;
grant execute on function platform.queue_age_seconds to skills_app;
