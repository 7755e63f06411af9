-- What a hostile holder of the application's own role, and two dishonest officials, must not be able to do.

-- A type made in the temporary schema hid the built-in one of the same name from every function that runs as the owner,
-- and with it ran anybody's code as the owner. The temporary schema now comes last; a test looks after new functions.
do $$
declare f regprocedure;
begin
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname in ('platform', 'audit', 'people', 'occupations', 'auth', 'training', 'assessment',
      'subsidy', 'publicity', 'reports', 'feedback')
  loop
    execute format('alter function %s set search_path = pg_catalog, pg_temp', f);
  end loop;
end $$;

-- ── The trail ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- Its id and transaction decide when and where a row is sealed: nobody who writes rows chooses them.
revoke insert on audit.entries from skills_app;
grant insert (at, actor_kind, actor_id, actor_name, on_behalf_of, command, subjects, input, outcome, request_id)
  on audit.entries to skills_app;

-- A line break inside a field must not look like the border between two fields. Rows without one keep their text.
create or replace function audit.canonical(e audit.entries) returns text language sql stable
set search_path = pg_catalog, pg_temp as $$
  select concat_ws(E'\n', e.id::text,
    to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    replace(e.actor_kind, E'\n', '\n'), replace(e.actor_id, E'\n', '\n'), replace(e.actor_name, E'\n', '\n'),
    coalesce(e.on_behalf_of::text, '-'), replace(e.command, E'\n', '\n'),
    replace(array_to_string(e.subjects, ','), E'\n', '\n'), e.input::text, e.outcome::text, replace(e.request_id, E'\n', '\n'))
$$;

-- Links every entry whose transaction is older than any still running. Returns how many it linked. In a database that was
-- restored elsewhere transactions are numbered from the beginning again: whatever has no link is sealed there all the same.
create or replace function audit.seal(at_most int default 5000) returns int language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare
  horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  beyond xid8 := pg_snapshot_xmax(pg_current_snapshot());
  last_hash text; last_seq bigint; last_tx xid8; last_id uuid; entry audit.entries; linked int := 0; restored boolean;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0)) then return 0; end if;
  select l.seq, l.hash, e.tx, e.id into last_seq, last_hash, last_tx, last_id
    from audit.links l join audit.entries e on e.id = l.entry_id order by l.seq desc limit 1;
  last_seq := coalesce(last_seq, 0);
  last_hash := coalesce(last_hash, repeat('0', 64));
  restored := coalesce(last_tx >= horizon, false);
  for entry in
    select e.* from audit.entries e
    where (e.tx < horizon and (last_tx is null or restored or (e.tx, e.id) > (last_tx, last_id)) or restored and e.tx >= beyond)
      and not exists (select from audit.links l where l.entry_id = e.id)
    order by e.tx, e.id limit at_most
  loop
    last_seq := last_seq + 1;
    last_hash := encode(sha256(convert_to(last_hash || E'\n' || audit.canonical(entry), 'UTF8')), 'hex');
    insert into audit.links (seq, entry_id, hash) values (last_seq, entry.id, last_hash);
    linked := linked + 1;
  end loop;
  return linked;
end $$;
