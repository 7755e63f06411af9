/** What the measurements need beside a loaded district: a full catalogue, an open session with its learners signed in. */
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { keyedBy } from '#modules/training/attendance.queries.ts'
import { codeAt } from '#modules/training/code.rules.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import { sessionCookie } from '#platform/session.ts'

/** Two hundred classes open to the public, over two months to come. */
export async function openClasses(owner: pg.Pool, count: number): Promise<string[]> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into training.classes (number, plan_id, organisation_id, programme, title, summary, occupation_edition, occupation_code,
       level, industry, venue_id, subdistrict, capacity, class_hours, starts_on, ends_on, open_enrolment, accessibility,
       teaching_plan, resources, assessment_plan, state, search)
     select 'BENCH-' || n, p.id, p.organisation_id, p.programme, '公开报名班' || n, '免费培训，含实操和结业考核。', p.occupation_edition,
       p.occupation_code, p.level, '居民服务业', v.id, v.subdistrict, 40, 16, d.on_day, d.on_day + 1, true, '无障碍通道', '按计划授课',
       '教材', '理论和实操', 'approved', to_tsvector('simple', '公开 报名 培训 ' || n)
     from generate_series(1, $1::int) n
     cross join lateral (select * from training.plans where state = 'accepted' and programme = 'project-based' order by id
       offset n % (select count(*) from training.plans where state = 'accepted' and programme = 'project-based') limit 1) p
     join training.venues v on v.organisation_id = p.organisation_id
     cross join lateral (select '2021-10-08'::date + n % 50 as on_day) d returning id`,
    [count],
  )
  await owner.query(
    `insert into training.enrolments (class_id, person_id, source, enrolled_at, enrolled_by)
     select c.id, p.id, 'self', now(), 'bench' from training.classes c
     cross join lateral (select id from people.persons order by md5(id::text || c.id::text) limit 6) p where c.number like 'BENCH-%'`,
  )
  return rows.map((row) => row.id)
}

export type Learner = { cookie: string }
export type OpenSession = { sessionId: string; classId: string; secret: string; learners: Learner[] }

/** One session that is open now, and so many learners of it, each signed in with an own device. */
export async function openSessionWith(
  owner: pg.Pool,
  crypto: CryptoProvider,
  now: Date,
  count: number,
): Promise<OpenSession> {
  const { rows: made } = await owner.query<{ id: string; class_id: string; code_secret: string }>(
    `with place as (select p.id as plan_id, p.organisation_id, p.programme, t.id as trainer_id, t.person_id
         from training.plans p join training.trainers t on t.organisation_id = p.organisation_id
         where p.state = 'accepted' and not exists (select from training.sessions s
           where s.trainer_person_id = t.person_id and s.during && tstzrange($1::timestamptz - interval '1 day', $1::timestamptz + interval '1 day'))
         limit 1),
       class as (insert into training.classes (number, plan_id, organisation_id, programme, title, subdistrict, capacity, class_hours,
           starts_on, ends_on, state)
         select 'BENCH-OPEN-' || gen_random_uuid(), plan_id, organisation_id, programme, '签到测量班', '440105001', 10000, 16, $1::date - 1, $1::date + 1,
           'in-session' from place returning id)
     insert into training.sessions (class_id, trainer_id, trainer_person_id, title, during, state, opened_at, opened_by)
       select class.id, trainer_id, person_id, '测量', tstzrange($1::timestamptz - interval '5 minutes', $1::timestamptz + interval '4 hours'),
         'open', $1, 'bench' from class, place returning id, class_id, code_secret`,
    [now],
  )
  const session = made[0] as (typeof made)[number]
  const { rows: people } = await owner.query<{ person_id: string }>(
    `insert into training.enrolments (class_id, person_id, source, enrolled_at, enrolled_by)
     select $1, p.id, 'import', $3, 'bench' from people.persons p
     where not exists (select from auth.users u where u.person_id = p.id)
       and exists (select from training.enrolments e where e.person_id = p.id) order by p.id limit $2 returning person_id`,
    [session.class_id, count, now],
  )
  const tokens = people.map(() => randomBytes(24).toString('base64url'))
  await owner.query(
    `with account as (insert into auth.users (kind, name, email, person_id, identity)
         select 'person', '学员', p || '@person.invalid', p::uuid, 'verified' from unnest($1::text[]) p returning id, person_id)
     insert into auth.sessions (user_id, token, expires_at)
       select a.id, t.token, now() + interval '1 day' from account a
       join unnest($1::uuid[], $2::text[]) as t (person_id, token) using (person_id)`,
    [people.map((row) => row.person_id), tokens],
  )
  await owner.query('analyze')
  const learners = tokens.map((token) => ({
    cookie: `${sessionCookie({ crypto, secure: false }, token).split(';')[0]}; device=${randomBytes(16).toString('base64url')}`,
  }))
  return { sessionId: session.id, classId: session.class_id, secret: session.code_secret, learners }
}

/** The code on the wall at an instant. */
export const codeNow = (crypto: CryptoProvider, secret: string, now: Date): string =>
  codeAt(keyedBy({ crypto }, secret), now, { seconds: 30, graceSeconds: 0 })
