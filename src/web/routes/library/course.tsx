import { redirect } from 'react-router'
import { callBackCourse, planVersion, startVersion } from '#modules/library/course.commands.ts'
import { contentOf, courseWork, declarationOf } from '#modules/library/course.queries.ts'
import { checkContent, workable } from '#modules/library/course.rules.ts'
import { courseStates, itemKinds } from '#modules/library/course.schema.ts'
import { moveItem, removeItem } from '#modules/library/item.commands.ts'
import { roundsOfCourse, standardOf } from '#modules/library/round.queries.ts'
import { offListWords } from '#modules/library/round.rules.ts'
import { figuresFor } from '#platform/figures.ts'
import { dayOf } from '#shared/dates.ts'
import { attempt, fail } from '../../ctx.ts'
import { formObject } from '../../form-object.ts'
import { ContentTable } from '../../library/content-table.tsx'
import { courseTones, decisionReasons, libraryWords, ratingText, sentence } from '../../library/desk.ts'
import { Rounds } from '../../library/rounds.tsx'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { title } from '../../site.ts'
import { workOf } from '../../training/desk.ts'
import { Actions, Button, DisabledButton, LinkButton } from '../../ui/button.tsx'
import { TextArea, TextField } from '../../ui/fields.tsx'
import { Form } from '../../ui/form.tsx'
import { instantText } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusTag } from '../../ui/status-tag.tsx'
import { SummaryList } from '../../ui/summary-list.tsx'
import type { Route } from './+types/course.ts'

export const meta = () => title('课程')

export async function loader(args: Route.LoaderArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const asked = Number(new URL(args.request.url).searchParams.get('version')) || undefined
  const course = await courseWork(ctx, isId(args.params.courseId), asked).catch(fail(args.request))
  const hourMinutes = (await figuresFor(ctx))('R03.minutes', dayOf(ctx.now)).value ?? 45
  const [content, rounds, declaration] = await Promise.all([
    contentOf(ctx.db, course.shown, hourMinutes),
    roundsOfCourse(ctx.db, course.id),
    declarationOf(ctx.db, course.shown.id),
  ])
  const ready = checkContent(content)
  const open = workable.includes(course.state) && course.shown.state === 'draft'
  return {
    area,
    course,
    open,
    ready: ready.ok ? null : sentence(ready.refusal),
    minutes: Math.floor(course.items.reduce((sum, item) => sum + item.plannedSeconds, 0) / 60),
    hourMinutes,
    declaration: declaration
      ? { by: declaration.signedName, at: declaration.signedAt, sha256: declaration.sha256 }
      : null,
    rounds: rounds.map((round) => ({
      ...round,
      openedBy: '',
      reasons: decisionReasons(round.reason, standardOf(ctx.plan, round.standard)),
      criteria: standardOf(ctx.plan, round.standard).criteria.map(({ id, title: name }) => ({ id, title: name })),
      // the contributor learns what was said, not by whom
      said: round.said.map(({ seat, total, opinion, remarks, scores }) => ({ seat, total, opinion, remarks, scores })),
    })),
    may: {
      submit: ctx.actor.can('library.submit', { organisationId: course.organisationId }),
      callBack: rounds.some(({ state, kind }) => state === 'waiting' && kind !== 'recheck'),
      newVersion: workable.includes(course.state) && course.versions[0]?.state === 'published',
    },
  }
}

export async function action(args: Route.ActionArgs) {
  const { ctx, area } = workOf(args, 'library.contribute')
  const courseId = isId(args.params.courseId)
  const form = await args.request.formData()
  const values = { ...formObject(form), courseId }
  const steps: Record<string, [() => Promise<unknown>, string]> = {
    plan: [() => planVersion(ctx, values), 'saved'],
    move: [() => moveItem(ctx, values), 'saved'],
    remove: [() => removeItem(ctx, values), 'removed'],
    'start-version': [() => startVersion(ctx, values), 'version-started'],
    'call-back': [() => callBackCourse(ctx, values), 'called-back'],
  }
  const step = steps[String(form.get('intent'))]
  if (!step) throw new Response(null, { status: 400 })
  const tried = await attempt(step[0](), form, libraryWords(ctx))
  return tried.ok ? redirect(done(paths.course(area, courseId), step[1])) : tried.answer
}

export default function Course({ loaderData, actionData }: Route.ComponentProps) {
  const { area, course, open, ready } = loaderData
  return (
    <>
      <PageHeader
        title={course.title}
        caption={`${course.number ?? '还没有编号'}　第 ${course.shown.number} 版`}
        crumbs={[{ label: '线上课程', href: paths.courses(area) }]}
        tag={<StatusTag tone={courseTones[course.state]}>{courseStates[course.state]}</StatusTag>}
        actions={
          <>
            {workable.includes(course.state) && (
              <LinkButton href={paths.editCourse(area, course.id)}>课程资料</LinkButton>
            )}
            <LinkButton kind="quiet" href={paths.courseCartridge(area, course.id)} download>
              导出 Common Cartridge
            </LinkButton>
          </>
        }
      />
      <div className="stack">
        {course.state === 'suspended' && (
          <Notice tone="bad" title={`课程已暂停：${offListWords[course.suspendedFor] ?? course.suspendedFor}`}>
            <p>改好后出新版本；区人社局安排复审，通过后恢复。</p>
          </Notice>
        )}
        <SummaryList
          rows={[
            {
              label: '职业和等级',
              value: [course.occupationTitle, course.level].filter(Boolean).join('　') || '没有写明',
            },
            {
              label: '申报课时',
              value: `${course.shown.plannedClassHours} 课时`,
              note: `内容计划 ${loaderData.minutes} 分钟，每课时 ${loaderData.hourMinutes} 分钟`,
            },
            { label: '评分', value: ratingText(course) },
            ...(course.recheckOn ? [{ label: '下次复审', value: course.recheckOn }] : []),
            ...(loaderData.declaration
              ? [
                  {
                    label: '权利声明',
                    value: `${loaderData.declaration.by} 于 ${instantText(loaderData.declaration.at)} 签署`,
                    note: `内容摘要 ${loaderData.declaration.sha256.slice(0, 16)}`,
                  },
                ]
              : []),
          ]}
        />
        <Section title="章节内容">
          {open && <AddBar area={area} id={course.id} />}
          <ContentTable
            items={course.items}
            {...(open && { edit: (item: string) => paths.editItem(area, course.id, item) })}
          />
        </Section>
        {open && <Plan data={loaderData} failed={actionData} />}
        <Steps data={loaderData} failed={actionData} />
        {ready && open && !loaderData.may.submit && (
          <Notice tone="info" title="提交前还要做">
            <p>{ready}</p>
          </Notice>
        )}
        {loaderData.rounds.length > 0 && <Rounds rounds={loaderData.rounds} />}
        <Section title="版本和导出">
          <ul className="list-disc ps-5">
            {course.versions.map((version) => (
              <li key={version.id}>
                <a href={paths.courseVersion(area, course.id, version.number)}>第 {version.number} 版</a>
                {version.publishedAt
                  ? `，${instantText(version.publishedAt)} 发布`
                  : version.state === 'submitted'
                    ? '，评审中'
                    : '，编写中'}
                {version.changeNote && `：${version.changeNote}`}
                {'　'}
                <a href={paths.courseArchive(area, course.id, version.number)} download>
                  导出第 {version.number} 版
                </a>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  )
}

type Data = Route.ComponentProps['loaderData']
type Failed = Route.ComponentProps['actionData']

function AddBar({ area, id }: { area: string; id: string }) {
  return (
    <Actions>
      {Object.entries(itemKinds).map(([kind, label]) => (
        <LinkButton key={kind} href={kind === 'lti' ? paths.courseTools(area, id) : paths.addItem(area, id, kind)}>
          加{label}
        </LinkButton>
      ))}
      <LinkButton kind="quiet" href={paths.packages(area, id)}>
        课件包
      </LinkButton>
    </Actions>
  )
}

function Plan({ data: { area, course }, failed }: { data: Data; failed: Failed }) {
  return (
    <Section title="课时和题库">
      <Form
        failed={failed && failed.values.intent === 'plan' ? failed : undefined}
        labels={{ plannedClassHours: '申报课时', changeNote: '本版说明' }}
      >
        <input type="hidden" name="intent" value="plan" />
        <TextField
          name="plannedClassHours"
          label="申报课时"
          unit="课时"
          inputMode="numeric"
          width="short"
          value={String(course.shown.plannedClassHours)}
        />
        <TextArea
          name="changeNote"
          label="本版说明"
          optional
          rows={2}
          hint="与上一版有什么不同。"
          value={course.shown.changeNote}
        />
        <Actions>
          <Button kind="plain">保存课时</Button>
          <LinkButton href={paths.questions(area, course.id)}>题库</LinkButton>
        </Actions>
      </Form>
    </Section>
  )
}

function Steps({ data: { area, course, open, may, ready }, failed }: { data: Data; failed: Failed }) {
  return (
    <Form
      failed={
        failed && ['start-version', 'call-back', 'move', 'remove'].includes(String(failed.values.intent))
          ? failed
          : undefined
      }
    >
      <Actions>
        {open &&
          (!may.submit ? (
            <DisabledButton reason="提交入库由管理员、教务或企业培训专员办理。">提交入库</DisabledButton>
          ) : ready ? (
            <DisabledButton reason={ready}>提交入库</DisabledButton>
          ) : (
            <LinkButton kind="primary" href={paths.submitCourse(area, course.id)}>
              提交入库
            </LinkButton>
          ))}
        {may.callBack && may.submit && (
          <Button kind="plain" name="intent" value="call-back">
            撤回修改
          </Button>
        )}
        {may.newVersion && (
          <Button kind="plain" name="intent" value="start-version">
            开新版本
          </Button>
        )}
        {course.currentVersionId && ['trial', 'admitted'].includes(course.state) && (
          <LinkButton href={paths.libraryCourse(course.id)}>看公开页</LinkButton>
        )}
        {may.submit && ['draft', 'submitted', 'returned', 'trial', 'admitted', 'suspended'].includes(course.state) && (
          <LinkButton kind="quiet" href={paths.withdrawCourse(area, course.id)}>
            退出资源库
          </LinkButton>
        )}
      </Actions>
    </Form>
  )
}
