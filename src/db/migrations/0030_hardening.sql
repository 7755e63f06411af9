-- What a hostile holder of the application's own role, and a dishonest official, must not be able to do.

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

-- ── Two hands ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- Who approves does not confirm the payment, who verifies an account does not order money to it.
insert into auth.incompatible_roles values
  ('hr-leader', 'finance-officer'), ('finance-officer', 'hr-leader'),
  ('hr-intake', 'fund-clerk'), ('fund-clerk', 'hr-intake'),
  ('hr-intake', 'finance-officer'), ('finance-officer', 'hr-intake');

-- Roles change, people stay: who decided on a claim, or verified the account, last year does not pay it this year.
create function subsidy.order_by_others() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
declare payer text := (select created_by from subsidy.payment_batches where id = new.batch_id);
begin
  if exists (select from subsidy.reviews where claim_id = new.claim_id and reviewer_id = payer)
    or exists (select from people.bank_accounts where id = new.bank_account_id and payer in (verified_by, recorded_by)) then
    raise exception using errcode = 'P0001', constraint = 'payer_is_independent',
      message = format('%s decided on the claim of order %s, or vouched for its account', payer, new.number);
  end if;
  return null;
end $$;
create trigger order_by_others after insert on subsidy.payment_orders
  for each row execute function subsidy.order_by_others();

create function subsidy.batch_by_others() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from subsidy.payment_orders o join subsidy.reviews r on r.claim_id = o.claim_id
      where o.batch_id = new.id and r.reviewer_id = new.decided_by)
    or exists (select from subsidy.payment_orders o join people.bank_accounts b on b.id = o.bank_account_id
      where o.batch_id = new.id and new.decided_by in (b.verified_by, b.recorded_by)) then
    raise exception using errcode = 'P0001', constraint = 'payer_is_independent',
      message = format('%s decided on a claim of batch %s, or vouched for its account', new.decided_by, new.number);
  end if;
  return null;
end $$;
-- calling a batch off is open to everybody: it pays nobody
create trigger batch_by_others after update of decided_by on subsidy.payment_batches
  for each row when (new.state = 'confirmed') execute function subsidy.batch_by_others();

-- Money goes to the claimant, to an account somebody has verified.
create function subsidy.order_to_claimant() returns trigger language plpgsql security definer
set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from people.bank_accounts b join subsidy.claims c on c.organisation_id = b.organisation_id
      where b.id = new.bank_account_id and c.id = new.claim_id and b.verified_at is not null) then
    raise exception using errcode = 'P0001', constraint = 'order_to_claimant',
      message = format('order %s does not go to a verified account of the claimant', new.number);
  end if;
  return null;
end $$;
create trigger order_to_claimant after insert on subsidy.payment_orders
  for each row execute function subsidy.order_to_claimant();

-- The moves of a claim (claim.rules.ts; a test compares): the application makes no other, so that what was paid stays paid.
create table subsidy.claim_moves (
  from_state text not null,
  to_state   text not null,
  primary key (from_state, to_state)
);
insert into subsidy.claim_moves values
  ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'draft'), ('draft', 'withdrawn'), ('returned', 'withdrawn'),
  ('submitted', 'under-review'), ('submitted', 'returned'), ('under-review', 'returned'), ('publicised', 'returned'),
  ('objection-held', 'returned'), ('under-review', 'reviewed'), ('reviewed', 'publicised'), ('publicised', 'objection-held'),
  ('objection-held', 'publicised'), ('publicised', 'approved'), ('approved', 'ordered'), ('bounced', 'ordered'),
  ('ordered', 'bounced'), ('ordered', 'paid'), ('submitted', 'rejected'), ('returned', 'rejected'), ('under-review', 'rejected'),
  ('reviewed', 'rejected'), ('publicised', 'rejected'), ('objection-held', 'rejected'), ('approved', 'rejected');
grant select on subsidy.claim_moves to skills_app;
create function subsidy.claim_moves_on() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from subsidy.claim_moves where from_state = old.state and to_state = new.state) then
    raise exception using errcode = 'P0001', constraint = 'claim_moves_on',
      message = format('claim %s does not go from %s to %s', new.number, old.state, new.state);
  end if;
  return new;
end $$;
create trigger claim_moves_on before update of state on subsidy.claims
  for each row when (new.state is distinct from old.state and current_user = 'skills_app')
  execute function subsidy.claim_moves_on();
