-- From the reviewer's desk to the bank and back: reviews, public lists, budgets, double-entry ledger, payments, recoveries.
-- Owned by modules/subsidy and modules/publicity. HZ4-M16; R33 clocks, R37 masking, C21 call-backs, C24 objections.

-- ── Review ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Who has a claim on the desk just now, shown to the others. Runs out by itself.
create table subsidy.claim_leases (
  claim_id      uuid primary key references subsidy.claims,
  taken_by      text not null,
  taken_by_name text not null,
  taken_at      timestamptz not null,
  until_at      timestamptz not null check (until_at > taken_at)
);
grant select, insert, delete on subsidy.claim_leases to skills_app;
grant update (taken_by, taken_by_name, taken_at, until_at) on subsidy.claim_leases to skills_app;

create table subsidy.reviews (
  id            uuid primary key default uuidv7(),
  claim_id      uuid not null references subsidy.claims,
  round         int not null check (round > 0),
  stage         text not null check (stage in ('first', 'second', 'approve')),
  decision      text not null check (decision in ('agree', 'return', 'reject')),
  amount_fen    bigint not null check (amount_fen >= 0), -- what was agreed to
  note          text not null default '' check (length(note) <= 2000),
  reviewer_id   text not null,
  reviewer_name text not null,
  at            timestamptz not null
);
create unique index on subsidy.reviews (claim_id, round, stage) where decision = 'agree';
create index on subsidy.reviews (claim_id, at);
create index on subsidy.reviews (reviewer_id, at desc);
-- What is wrong, line by line and field by field, with its reason and how to mend it.
create table subsidy.review_findings (
  id          uuid primary key default uuidv7(),
  review_id   uuid not null references subsidy.reviews,
  claim_id    uuid not null references subsidy.claims,
  line_id     uuid references subsidy.claim_lines,
  field       text not null default '',
  reason_code text not null,
  note        text not null default '' check (length(note) <= 1000)
);
create index on subsidy.review_findings (claim_id);
create index on subsidy.review_findings (review_id);
grant select, insert on subsidy.reviews, subsidy.review_findings to skills_app;

-- A line the bureau takes out: why, by which clause, by whom. A reviewer's proposal until the second reviewer agrees; from
-- then on (`applied_at`) it stands. The line itself stays to be seen.
create table subsidy.exclusions (
  line_id      uuid primary key references subsidy.claim_lines,
  claim_id     uuid not null references subsidy.claims,
  occasion     text not null check (occasion in ('first', 'second', 'objection')),
  reason_code  text not null,
  clause       text not null,
  note         text not null check (length(btrim(note)) between 2 and 1000),
  amount_fen   bigint not null check (amount_fen >= 0), -- what the line had earned
  minutes      int not null check (minutes >= 0),       -- hours given back
  by_user      text not null,
  by_name      text not null,
  at           timestamptz not null,
  applied_at   timestamptz
);
create index on subsidy.exclusions (claim_id);
grant select, insert, delete on subsidy.exclusions to skills_app;
grant update (applied_at) on subsidy.exclusions to skills_app;
create function subsidy.exclusion_stands() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if old.applied_at is not null then
    raise exception using errcode = 'P0001', constraint = 'exclusion_stands', message = 'this exclusion has taken effect';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger exclusion_stands before update or delete on subsidy.exclusions
  for each row execute function subsidy.exclusion_stands();

-- C21: calls and visits, with a coded outcome. Who was to be called is drawn by a rule anyone can draw again.
create table subsidy.callbacks (
  id        uuid primary key default uuidv7(),
  claim_id  uuid not null references subsidy.claims,
  line_id   uuid not null references subsidy.claim_lines,
  method    text not null check (method in ('phone', 'visit', 'video')),
  outcome   text not null check (outcome in ('confirmed', 'denied', 'differs', 'unreachable', 'declined')),
  note      text not null default '' check (length(note) <= 1000),
  by_user   text not null,
  by_name   text not null,
  at        timestamptz not null
);
create index on subsidy.callbacks (claim_id, line_id);
grant select, insert on subsidy.callbacks to skills_app;

-- Lines stand as submitted, but the bureau may take one out, having said why.
create or replace function subsidy.lines_stand() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare claim_state text := (select state from subsidy.claims where id = new.claim_id);
begin
  if claim_state in ('draft', 'returned') then return new; end if;
  if tg_op = 'UPDATE' and claim_state in ('under-review', 'objection-held') and old.dropped_at is null and new.dropped_at is not null
     and (new.minutes, new.hour_minutes, new.class_hours, new.unit_fen, new.cap_fen, new.cap_used_before_fen, new.amount_fen, new.year)
         is not distinct from (old.minutes, old.hour_minutes, old.class_hours, old.unit_fen, old.cap_fen, old.cap_used_before_fen, old.amount_fen, old.year)
     and new.facts = old.facts and new.explanation = old.explanation
     and exists (select from subsidy.exclusions where line_id = new.id and applied_at is not null) then
    return new;
  end if;
  raise exception using errcode = 'P0001', constraint = 'lines_stand',
    message = format('line %s belongs to a claim that is no longer with the claimant', new.id);
end $$;

-- Nobody decides twice on one claim, nor on his own.
create function subsidy.reviewer_is_independent() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare claim subsidy.claims;
begin
  select * into claim from subsidy.claims where id = new.claim_id for no key update;
  if new.reviewer_id in (claim.created_by, claim.submitted_by, claim.commitment_by) then
    raise exception using errcode = 'P0001', constraint = 'reviewer_is_independent', message = 'the claimant cannot decide on the claim';
  end if;
  if exists (select from subsidy.reviews r where r.claim_id = new.claim_id and r.stage <> new.stage and r.reviewer_id = new.reviewer_id) then
    raise exception using errcode = 'P0001', constraint = 'reviewer_is_independent', message = 'one person cannot decide at two stages';
  end if;
  if exists (select from auth.users u where u.id::text = new.reviewer_id and (
      exists (select from auth.role_grants g where g.user_id = u.id and g.organisation_id = claim.organisation_id and g.state = 'in-force')
      or exists (select from training.trainers t where t.person_id = u.person_id and t.organisation_id = claim.organisation_id)
      or exists (select from subsidy.claim_lines l where l.person_id = u.person_id and l.claim_id = claim.id))) then
    raise exception using errcode = 'P0001', constraint = 'reviewer_is_independent', message = 'the reviewer belongs to the claimant';
  end if;
  if new.round <> claim.round then
    raise exception using errcode = 'P0001', constraint = 'review_is_current', message = 'the claim has been submitted again';
  end if;
  return new;
end $$;
create trigger reviewer_is_independent before insert on subsidy.reviews
  for each row execute function subsidy.reviewer_is_independent();

-- ── Publication, as the claim knows it ──────────────────────────────────────────────────────────────────────────────

create table subsidy.publications (
  claim_id  uuid not null references subsidy.claims,
  round     int not null,
  list_id   uuid not null,
  opened_on date not null,
  closes_on date not null check (closes_on >= opened_on),
  ended_on  date check (ended_on > closes_on), -- the last public day has passed
  primary key (claim_id, round)
);
create index on subsidy.publications (list_id);
grant select, insert on subsidy.publications to skills_app;
grant update (ended_on) on subsidy.publications to skills_app;

-- ── Money: pots of each fund and year, and journals that carry it between them ──────────────────────────────────────

create table subsidy.accounts (
  id          int generated always as identity primary key,
  fund_source text not null,
  year        int not null check (year between 2000 and 2200),
  kind        text not null check (kind in
    ('appropriation', 'available', 'payable', 'in-transit', 'paid', 'receivable', 'returned', 'written-off', 'transferred')),
  unique (fund_source, year, kind)
);
grant select on subsidy.accounts to skills_app;

-- Kept by the trigger on the entries, by nobody else.
create table subsidy.balances (
  account_id  int primary key references subsidy.accounts,
  balance_fen bigint not null default 0,
  overdrawable boolean not null,
  constraint balance_floor check (overdrawable or balance_fen >= 0)
);
grant select on subsidy.balances to skills_app;

create table subsidy.journals (
  id           uuid primary key default uuidv7(),
  kind         text not null check (kind in ('budget', 'approve', 'revoke', 'send', 'paid', 'bounced', 'demand', 'received',
    'offset', 'written-off', 'transferred', 'reuse')),
  key          text not null unique, -- what is booked is booked once
  subject_kind text not null,
  subject_id   uuid not null,
  claim_id     uuid references subsidy.claims,
  programme    text not null default '',
  on_day       date not null,
  memo         text not null default '',
  at           timestamptz not null,
  by_user      text not null,
  tx           xid8 not null default pg_current_xact_id()
);
create index on subsidy.journals (claim_id);
create index on subsidy.journals (subject_id);
create index on subsidy.journals (kind, on_day);
create table subsidy.entries (
  id         bigint generated always as identity primary key,
  journal_id uuid not null references subsidy.journals,
  account_id int not null references subsidy.accounts,
  amount_fen bigint not null check (amount_fen <> 0),
  tx         xid8 not null default pg_current_xact_id(),
  unique (journal_id, account_id)
);
create index on subsidy.entries (account_id);
grant select on subsidy.journals, subsidy.entries to skills_app;
grant insert (id, kind, key, subject_kind, subject_id, claim_id, programme, on_day, memo, at, by_user) on subsidy.journals to skills_app;
grant insert (journal_id, account_id, amount_fen) on subsidy.entries to skills_app;

-- The nine pots of a fund and year, made when first needed.
create function subsidy.open_accounts(fund text, budget_year int) returns void language plpgsql security definer
set search_path = pg_catalog as $$
declare pot text; made int;
begin
  if exists (select from subsidy.accounts where fund_source = fund and year = budget_year) then return; end if;
  perform pg_advisory_xact_lock(hashtextextended('subsidy.accounts', 0));
  foreach pot in array array['appropriation', 'available', 'payable', 'in-transit', 'paid', 'receivable', 'returned', 'written-off', 'transferred'] loop
    insert into subsidy.accounts (fund_source, year, kind) values (fund, budget_year, pot) on conflict do nothing returning id into made;
    if made is not null then
      insert into subsidy.balances (account_id, overdrawable) values (made, pot = 'appropriation');
    end if;
  end loop;
end $$;

-- What is in a pot of some funds, held until the end of the transaction so that nobody else gives it away meanwhile.
create function subsidy.hold(pot text, funds text[], budget_year int) returns table (fund_source text, balance_fen bigint)
language sql security definer set search_path = pg_catalog as $$
  select a.fund_source, b.balance_fen from subsidy.balances b join subsidy.accounts a on a.id = b.account_id
  where a.kind = pot and a.year = budget_year and a.fund_source = any (funds)
  order by b.account_id for update of b
$$;
revoke all on function subsidy.open_accounts, subsidy.hold from public;
grant execute on function subsidy.open_accounts, subsidy.hold to skills_app;

create function subsidy.entries_move_balances() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  -- always in the same order, or two journals could wait for each other
  perform 1 from subsidy.balances where account_id in (select account_id from added) order by account_id for update;
  update subsidy.balances b set balance_fen = b.balance_fen + s.amount
    from (select account_id, sum(amount_fen) amount from added group by account_id) s where b.account_id = s.account_id;
  return null;
end $$;
create trigger entries_move_balances after insert on subsidy.entries
  referencing new table as added for each statement execute function subsidy.entries_move_balances();

-- Looked at on commit: a journal has sides, they cancel out in every fund and year, and nothing joins it later.
create function subsidy.journal_balances() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare journal uuid; sides int; crooked int; late int;
begin
  if tg_table_name = 'journals' then journal := new.id; else journal := new.journal_id; end if;
  select count(*), count(*) filter (where e.tx <> j.tx) into sides, late
    from subsidy.entries e join subsidy.journals j on j.id = e.journal_id where j.id = journal;
  select count(*) into crooked from (
    select from subsidy.entries e join subsidy.accounts a on a.id = e.account_id where e.journal_id = journal
    group by a.fund_source, a.year having sum(e.amount_fen) <> 0) t;
  if sides < 2 or crooked > 0 or late > 0 then
    raise exception using errcode = 'P0001', constraint = 'journal_balances',
      message = format('journal %s: %s sides, %s funds out of balance, %s late', journal, sides, crooked, late);
  end if;
  return null;
end $$;
create constraint trigger journal_balances after insert on subsidy.journals
  deferrable initially deferred for each row execute function subsidy.journal_balances();
create constraint trigger entry_in_balanced_journal after insert on subsidy.entries
  deferrable initially deferred for each row execute function subsidy.journal_balances();

-- Budget handed down or cut, or money that came back made available again: proposed by one office, put in force by another.
create sequence subsidy.budget_numbers;
create table subsidy.budget_changes (
  id          uuid primary key default uuidv7(),
  number      text not null unique,
  kind        text not null check (kind in ('budget', 'reuse')),
  fund_source text not null,
  year        int not null check (year between 2000 and 2200),
  amount_fen  bigint not null check (amount_fen <> 0), -- negative: a cut
  document_no text not null check (length(btrim(document_no)) between 2 and 200),
  state       text not null default 'proposed' check (state in ('proposed', 'in-force', 'rejected')),
  proposed_by text not null,
  proposed_by_name text not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_by_name text,
  decided_at  timestamptz,
  note        text not null default '',
  check (kind = 'budget' or amount_fen > 0),
  check ((state = 'proposed') = (decided_by is null)),
  check (decided_by is distinct from proposed_by or decided_by is null)
);
grant usage on sequence subsidy.budget_numbers to skills_app;
grant select, insert on subsidy.budget_changes to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on subsidy.budget_changes to skills_app;

-- Which fund carries which line of an approved claim.
create table subsidy.line_funds (
  line_id     uuid not null references subsidy.claim_lines,
  fund_source text not null,
  year        int not null,
  claim_id    uuid not null references subsidy.claims,
  seq         int not null, -- the order in which it was drawn
  amount_fen  bigint not null check (amount_fen > 0),
  primary key (line_id, fund_source, year)
);
create index on subsidy.line_funds (claim_id);
grant select, insert on subsidy.line_funds to skills_app;

-- ── Payment ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create sequence subsidy.batch_numbers;
create table subsidy.payment_batches (
  id           uuid primary key default uuidv7(),
  number       text not null unique,
  state        text not null default 'drafted' check (state in ('drafted', 'confirmed', 'settled', 'cancelled')),
  orders       int not null check (orders > 0),
  total_fen    bigint not null check (total_fen > 0),
  file_sha256  text not null, -- of the bank file, which is made anew each time and must come out the same
  created_by   text not null,
  created_by_name text not null,
  created_at   timestamptz not null,
  decided_by   text,
  decided_by_name text,
  decided_at   timestamptz,
  note         text not null default '',
  check ((state = 'drafted') = (decided_by is null)),
  check (decided_by is distinct from created_by or decided_by is null)
);
create index on subsidy.payment_batches (state, created_at);
grant usage on sequence subsidy.batch_numbers to skills_app;
grant select, insert on subsidy.payment_batches to skills_app;
grant update (state, decided_by, decided_by_name, decided_at, note) on subsidy.payment_batches to skills_app;

create table subsidy.payment_orders (
  id              uuid primary key default uuidv7(),
  number          text not null unique,
  batch_id        uuid not null references subsidy.payment_batches,
  claim_id        uuid not null references subsidy.claims,
  fund_source     text not null,
  year            int not null,
  amount_fen      bigint not null check (amount_fen > 0),
  bank_account_id uuid not null references people.bank_accounts,
  state           text not null default 'drafted' check (state in ('drafted', 'sent', 'paid', 'bounced', 'cancelled')),
  bank_reference  text unique,
  bounce_code     text not null default '',
  bounce_reason   text not null default '',
  settled_at      timestamptz,
  check ((state = 'paid') = (bank_reference is not null)),
  check ((state in ('paid', 'bounced')) = (settled_at is not null))
);
-- One live order for the same money: a second batch with the same claim waits here and fails.
create unique index order_once on subsidy.payment_orders (claim_id, fund_source, year) where state in ('drafted', 'sent', 'paid');
create index on subsidy.payment_orders (batch_id);
create index on subsidy.payment_orders (claim_id);
grant select, insert on subsidy.payment_orders to skills_app;
grant update (state, bank_reference, bounce_code, bounce_reason, settled_at) on subsidy.payment_orders to skills_app;

create table subsidy.bank_returns (
  id         uuid primary key default uuidv7(),
  file_name  text not null,
  sha256     text not null, -- the same file twice is the same return
  state      text not null default 'checked' check (state in ('checked', 'applying', 'applied', 'discarded')),
  rows_total int not null,
  rows_good  int not null,
  faults     jsonb not null default '[]',
  by_user    text not null,
  by_name    text not null,
  at         timestamptz not null,
  applied_by text,
  applied_at timestamptz
);
create unique index bank_return_once on subsidy.bank_returns (sha256) where state <> 'discarded';
create table subsidy.bank_return_rows (
  return_id      uuid not null references subsidy.bank_returns,
  row            int not null,
  order_id       uuid not null references subsidy.payment_orders,
  amount_fen     bigint not null check (amount_fen > 0),
  result         text not null check (result in ('paid', 'bounced')),
  bank_reference text not null default '',
  reason_code    text not null default '',
  reason         text not null default '',
  outcome        text check (outcome in ('settled', 'already', 'conflict')),
  applied_at     timestamptz,
  primary key (return_id, row),
  unique (return_id, order_id)
);
grant select, insert on subsidy.bank_returns, subsidy.bank_return_rows to skills_app;
grant update (state, applied_by, applied_at) on subsidy.bank_returns to skills_app;
grant update (outcome, applied_at) on subsidy.bank_return_rows to skills_app;

-- ── Recovery ────────────────────────────────────────────────────────────────────────────────────────────────────────

create sequence subsidy.recovery_numbers;
create table subsidy.recoveries (
  id            uuid primary key default uuidv7(),
  number        text not null unique,
  claim_id      uuid not null references subsidy.claims,
  organisation_id uuid not null references people.organisations,
  state         text not null default 'opened' check (state in
    ('opened', 'heard', 'dropped', 'decided', 'demanded', 'recovered', 'written-off', 'transferred')),
  reason_code   text not null,
  finding       text not null check (length(btrim(finding)) between 10 and 4000),
  amount_fen    bigint not null check (amount_fen > 0), -- of the finding; after the decision, of the decision
  statement     text, -- the party's statement; null: not yet heard
  heard_by      text,
  heard_on      date,
  decision_reason text,
  legal_basis   text,
  decided_by    text,
  decided_by_name text,
  decided_at    timestamptz,
  demanded_on   date,
  due_on        date check (due_on >= demanded_on),
  offset_notice_on date,
  opened_by     text not null,
  opened_by_name text not null,
  opened_at     timestamptz not null,
  closed_at     timestamptz,
  check (decided_by is distinct from opened_by or decided_by is null),
  check (state not in ('decided', 'demanded', 'recovered', 'written-off', 'transferred') or
    (statement is not null and decided_by is not null and legal_basis is not null and decision_reason is not null)),
  check (state not in ('demanded', 'recovered', 'written-off', 'transferred') or (demanded_on is not null and due_on is not null)),
  check (offset_notice_on is null or offset_notice_on >= demanded_on)
);
create index on subsidy.recoveries (claim_id);
create index on subsidy.recoveries (organisation_id, state);
create index on subsidy.recoveries (state, due_on);
grant usage on sequence subsidy.recovery_numbers to skills_app;
grant select, insert on subsidy.recoveries to skills_app;
grant update (state, amount_fen, statement, heard_by, heard_on, decision_reason, legal_basis, decided_by, decided_by_name, decided_at,
  demanded_on, due_on, offset_notice_on, closed_at) on subsidy.recoveries to skills_app;

create table subsidy.recovery_lines (
  recovery_id uuid not null references subsidy.recoveries,
  line_id     uuid not null references subsidy.claim_lines,
  amount_fen  bigint not null check (amount_fen >= 0), -- asked for; the decision may lower it, to nothing
  primary key (recovery_id, line_id)
);
create index on subsidy.recovery_lines (line_id);
grant select, insert on subsidy.recovery_lines to skills_app;
grant update (amount_fen) on subsidy.recovery_lines to skills_app;

-- From which fund's payment each fen is asked back.
create table subsidy.recovery_funds (
  recovery_id uuid not null references subsidy.recoveries,
  line_id     uuid not null references subsidy.claim_lines,
  fund_source text not null,
  year        int not null,
  amount_fen  bigint not null check (amount_fen > 0),
  primary key (recovery_id, line_id, fund_source, year)
);
grant select, insert on subsidy.recovery_funds to skills_app;

create table subsidy.recovery_instalments (
  recovery_id uuid not null references subsidy.recoveries,
  seq         int not null check (seq > 0),
  due_on      date not null,
  amount_fen  bigint not null check (amount_fen > 0),
  primary key (recovery_id, seq)
);
grant select, insert, delete on subsidy.recovery_instalments to skills_app;

create table subsidy.recovery_receipts (
  id          uuid primary key default uuidv7(),
  recovery_id uuid not null references subsidy.recoveries,
  kind        text not null check (kind in ('received', 'offset', 'written-off', 'transferred')),
  amount_fen  bigint not null check (amount_fen > 0),
  on_day      date not null,
  reference   text not null check (length(btrim(reference)) between 2 and 200),
  claim_id    uuid references subsidy.claims, -- the later claim it was taken from
  by_user     text not null,
  by_name     text not null,
  at          timestamptz not null,
  unique (recovery_id, kind, reference),
  check ((kind = 'offset') = (claim_id is not null))
);
create index on subsidy.recovery_receipts (claim_id) where claim_id is not null;
grant select, insert on subsidy.recovery_receipts to skills_app;

-- Never more asked back of a line than was paid for it, over all its recoveries.
create function subsidy.recovery_within_paid() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare paid bigint; asked bigint; theirs uuid; mine uuid; claim_state text;
begin
  select l.claim_id, c.state into theirs, claim_state from subsidy.claim_lines l join subsidy.claims c on c.id = l.claim_id
    where l.id = new.line_id for no key update of l;
  select claim_id into mine from subsidy.recoveries where id = new.recovery_id;
  select coalesce(sum(amount_fen), 0) into paid from subsidy.line_funds where line_id = new.line_id;
  select coalesce(sum(rl.amount_fen), 0) into asked from subsidy.recovery_lines rl join subsidy.recoveries r on r.id = rl.recovery_id
    where rl.line_id = new.line_id and r.state <> 'dropped';
  if claim_state <> 'paid' or mine <> theirs or asked > paid then
    raise exception using errcode = 'P0001', constraint = 'recovery_within_paid',
      message = format('line %s was paid %s fen, %s would be asked back', new.line_id, case when claim_state = 'paid' then paid else 0 end, asked);
  end if;
  return null;
end $$;
create trigger recovery_within_paid after insert or update of amount_fen on subsidy.recovery_lines
  for each row execute function subsidy.recovery_within_paid();

-- Never more received, offset, written off and transferred than was decided. What was transferred may still come in.
create function subsidy.receipts_within_decision() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare decided bigint; closed bigint;
begin
  select amount_fen into decided from subsidy.recoveries where id = new.recovery_id for no key update;
  select coalesce(sum(amount_fen), 0) into closed from subsidy.recovery_receipts where recovery_id = new.recovery_id;
  if closed > decided then
    raise exception using errcode = 'P0001', constraint = 'receipts_within_decision',
      message = format('recovery %s is of %s fen, %s would be closed', new.recovery_id, decided, closed);
  end if;
  return null;
end $$;
create trigger receipts_within_decision after insert on subsidy.recovery_receipts
  for each row execute function subsidy.receipts_within_decision();

-- Never more ordered than approved, less what an offset took.
create function subsidy.order_within_award() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare award bigint; ordered bigint;
begin
  perform 1 from subsidy.claims where id = new.claim_id for no key update;
  select coalesce(sum(e.amount_fen), 0) into award from subsidy.journals j
    join subsidy.entries e on e.journal_id = j.id join subsidy.accounts a on a.id = e.account_id
    where j.claim_id = new.claim_id and j.kind in ('approve', 'revoke', 'offset') and a.kind = 'payable'
      and a.fund_source = new.fund_source and a.year = new.year;
  select coalesce(sum(amount_fen), 0) into ordered from subsidy.payment_orders
    where claim_id = new.claim_id and fund_source = new.fund_source and year = new.year and state in ('drafted', 'sent', 'paid');
  if ordered > award then
    raise exception using errcode = 'P0001', constraint = 'order_within_award',
      message = format('claim %s has %s fen to be paid, %s would be ordered', new.claim_id, award, ordered);
  end if;
  return null;
end $$;
create trigger order_within_award after insert on subsidy.payment_orders
  for each row execute function subsidy.order_within_award();

-- ── Public lists ────────────────────────────────────────────────────────────────────────────────────────────────────

create schema publicity;
grant usage on schema publicity to skills_app;
create sequence publicity.list_numbers;
create sequence publicity.objection_numbers;
grant usage on sequence publicity.list_numbers, publicity.objection_numbers to skills_app;

-- Frozen when opened: nothing but its end can be written afterwards.
create table publicity.lists (
  id         uuid primary key default uuidv7(),
  number     text not null unique,
  title      text not null check (length(title) between 4 and 120),
  opened_on  date not null,
  closes_on  date not null check (closes_on >= opened_on), -- the last public day
  workdays   int not null check (workdays > 0),
  decided    boolean not null, -- false: the number of days is a default the bureau has not settled
  state      text not null default 'open' check (state in ('open', 'closed')),
  claims     int not null check (claims > 0),
  rows       int not null check (rows >= claims),
  total_fen  bigint not null check (total_fen >= 0),
  snapshot   jsonb not null, -- exactly what was published
  digest     text not null check (length(digest) = 64), -- SHA-256 of the published file
  root       text not null check (length(root) = 64),   -- root over the rows
  opened_by  text not null,
  opened_by_name text not null,
  opened_at  timestamptz not null,
  closed_at  timestamptz,
  check ((state = 'closed') = (closed_at is not null))
);
create index on publicity.lists (state, closes_on);
grant select, insert on publicity.lists to skills_app;
grant update (state, closed_at) on publicity.lists to skills_app;

create table publicity.rows (
  id       uuid primary key default uuidv7(),
  list_id  uuid not null references publicity.lists,
  position int not null check (position > 0),
  kind     text not null check (kind in ('unit', 'person')),
  claim_id uuid not null references subsidy.claims,
  line_id  uuid references subsidy.claim_lines,
  content  jsonb not null, -- masked, as published
  salt     text not null,  -- never published
  identity text not null,  -- digest of name and document under the salt
  leaf     text not null,
  unique (list_id, position),
  check ((kind = 'person') = (line_id is not null))
);
create index on publicity.rows (claim_id);
create index on publicity.rows (line_id) where line_id is not null;
grant select, insert on publicity.rows to skills_app;

create table publicity.objections (
  id             uuid primary key default uuidv7(),
  number         text not null unique,
  list_id        uuid not null references publicity.lists,
  row_id         uuid not null references publicity.rows,
  claim_id       uuid not null references subsidy.claims,
  receipt_index  text not null unique, -- blind index of the code on the objector's receipt
  reason_code    text not null,
  text_sealed    text not null,
  contact_sealed text,
  lodged_at      timestamptz not null,
  due_on         date not null,
  state          text not null default 'open' check (state in ('open', 'upheld', 'dismissed')),
  remedy         text check (remedy in ('return', 'exclude')),
  reply          text check (length(btrim(reply)) between 10 and 2000), -- told to the objector; names nobody
  decided_by     text,
  decided_by_name text,
  decided_at     timestamptz,
  check ((state = 'open') = (decided_by is null)),
  check ((state = 'upheld') = (remedy is not null)),
  check ((state = 'open') = (reply is null))
);
create index on publicity.objections (claim_id) where state = 'open';
create index on publicity.objections (list_id);
create index on publicity.objections (state, due_on);
grant select, insert on publicity.objections to skills_app;
grant update (state, remedy, reply, decided_by, decided_by_name, decided_at) on publicity.objections to skills_app;

-- Who has reviewed a claim does not judge an objection to it.
create function publicity.objection_is_judged_by_others() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if exists (select from subsidy.reviews r where r.claim_id = new.claim_id and r.reviewer_id = new.decided_by)
     or exists (select from subsidy.claims c where c.id = new.claim_id and new.decided_by in (c.created_by, c.submitted_by, c.commitment_by)) then
    raise exception using errcode = 'P0001', constraint = 'objection_is_judged_by_others',
      message = 'who decided on the claim cannot decide on the objection';
  end if;
  return new;
end $$;
create trigger objection_is_judged_by_others before update of decided_by on publicity.objections
  for each row when (new.decided_by is not null) execute function publicity.objection_is_judged_by_others();

-- ── What a claim must have behind it before it may move on ──────────────────────────────────────────────────────────

create function subsidy.claim_may_move() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare fault text; settled bigint;
begin
  if new.state = 'reviewed' and (select count(distinct reviewer_id) from subsidy.reviews where claim_id = new.id and round = new.round
      and decision = 'agree' and stage in ('first', 'second')) < 2 then
    fault := 'two reviewers must have agreed';
  elsif new.state = 'publicised' and not exists (select from subsidy.publications where claim_id = new.id and round = new.round) then
    fault := 'it is on no public list';
  elsif new.state = 'approved' then
    if not exists (select from subsidy.publications where claim_id = new.id and round = new.round and ended_on is not null) then
      fault := 'its public period has not ended';
    elsif exists (select from publicity.objections where claim_id = new.id and state = 'open') then
      fault := 'an objection is open';
    elsif not exists (select from subsidy.reviews where claim_id = new.id and round = new.round and stage = 'approve' and decision = 'agree') then
      fault := 'nobody has approved it';
    elsif (select coalesce(sum(amount_fen), 0) from subsidy.line_funds where claim_id = new.id) <> new.amount_fen then
      fault := 'its funds do not add up to its amount';
    end if;
  elsif new.state in ('ordered', 'paid') then
    select coalesce(sum(amount_fen), 0) into settled from (
      select amount_fen from subsidy.payment_orders where claim_id = new.id
        and (state = 'paid' or (new.state = 'ordered' and state = 'sent'))
      union all
      select amount_fen from subsidy.recovery_receipts where claim_id = new.id) s;
    if settled <> new.amount_fen then fault := format('%s of %s fen are accounted for', settled, new.amount_fen); end if;
  elsif new.state = 'rejected' and old.state in ('approved', 'bounced') and exists (
      select from subsidy.payment_orders where claim_id = new.id and state in ('drafted', 'sent', 'paid')) then
    fault := 'a payment order is out';
  end if;
  if fault is not null then
    raise exception using errcode = 'P0001', constraint = 'claim_may_move',
      message = format('claim %s cannot become %s: %s', new.number, new.state, fault);
  end if;
  return new;
end $$;
create trigger claim_may_move before update of state on subsidy.claims
  for each row when (new.state is distinct from old.state) execute function subsidy.claim_may_move();
