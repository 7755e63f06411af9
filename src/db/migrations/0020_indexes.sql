-- What a full plan's load asked for (npm run district): without these, each new row of the ledger reads a whole table.
create index on training.hour_entries (enrolment_id); -- the ledger of one enrolment, and the guard of every new entry
create index on training.sessions (makeup_of) where makeup_of is not null;

-- The guard of new hours as before, but it looks for the made-up session only where there is one.
create or replace function training.hours_guarded() returns trigger language plpgsql security definer
set search_path = pg_catalog as $$
declare old training.hour_entries; planned int; made_up uuid;
begin
  if new.reverses is not null or new.corrects is not null then
    -- serialise on the entry with whoever spends it
    select * into old from training.hour_entries where id = coalesce(new.reverses, new.corrects) for no key update;
    if (old.enrolment_id, old.class_id, old.on_day) is distinct from (new.enrolment_id, new.class_id, new.on_day)
      or old.session_id is distinct from new.session_id then
      raise exception using errcode = 'P0001', constraint = 'hours_same_entry', message = 'another person''s or session''s entry';
    end if;
  end if;
  if new.reverses is not null then
    if old.reverses is not null or new.minutes <> -old.minutes then
      raise exception using errcode = 'P0001', constraint = 'hours_reversed_whole', message = 'an entry is reversed whole, once';
    end if;
    if (select coalesce(sum(minutes), 0) from training.hour_spends where entry_id = old.id) <> 0 then
      raise exception using errcode = 'P0001', constraint = 'hours_spent', message = 'a spent entry is released before it is reversed';
    end if;
    return null;
  end if;
  if new.corrects is not null and not exists (select from training.hour_entries where reverses = new.corrects) then
    raise exception using errcode = 'P0001', constraint = 'hours_reversed_first', message = 'only a reversed entry is corrected';
  end if;
  if new.session_id is null then return null; end if;
  select extract(epoch from upper(during) - lower(during))::int / 60 - break_minutes, makeup_of into planned, made_up
    from training.sessions where id = new.session_id;
  if new.minutes > planned then
    raise exception using errcode = 'P0001', constraint = 'hours_within_session',
      message = format('the session has %s minutes, %s would be credited', planned, new.minutes);
  end if;
  -- nearly no session is a make-up or is made up for: then there is nothing to compare with
  if made_up is null and not exists (select from training.sessions where makeup_of = new.session_id) then return null; end if;
  if exists (
    select from training.hour_entries e
    where e.enrolment_id = new.enrolment_id and e.reverses is null
      and not exists (select from training.hour_entries r where r.reverses = e.id)
      and (e.session_id = made_up or e.session_id in (select id from training.sessions where makeup_of = new.session_id))
  ) then
    raise exception using errcode = 'P0001', constraint = 'hours_made_up_once', message = 'the session and its make-up count once';
  end if;
  return null;
end $$;
