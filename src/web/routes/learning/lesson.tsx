import { redirect } from 'react-router'
import { submitAssignment } from '#modules/learning/assignment.commands.ts'
import { itemsOf } from '#modules/learning/course.queries.ts'
import { lessonPage, notesOf } from '#modules/learning/lesson.queries.ts'
import { addNote, dropNote } from '#modules/learning/note.commands.ts'
import { itemKinds } from '#modules/learning/registration.schema.ts'
import { ownSubmissions } from '#modules/learning/replay.queries.ts'
import { richText } from '#platform/rich-text.ts'
import { attempt, fail } from '../../ctx.ts'
import type { Handle } from '../../handle.ts'
import { Assignment } from '../../learning/assignment.tsx'
import { CourseSteps, neighboursOf } from '../../learning/neighbours.tsx'
import { Notes } from '../../learning/notes.tsx'
import { Player } from '../../learning/player.tsx'
import { learningWords } from '../../learning/words.ts'
import { isId } from '../../params.ts'
import { done, paths } from '../../paths.ts'
import { ownAffairs } from '../../person.ts'
import { title } from '../../site.ts'
import { Actions, LinkButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { More } from '../../ui/section.tsx'
import type { Route } from './+types/lesson.ts'

export const meta = ({ loaderData }: Route.MetaArgs) => title(loaderData?.lesson.title ?? '学习')

/** Time is counted by script: heartbeats while a film plays or a text is read. */
export const handle = { script: true } satisfies Handle

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { ctx, personId } = ownAffairs({ request, context })
  const [registrationId, itemId] = [isId(params.registrationId), isId(params.itemId)]
  const found = await lessonPage(ctx.db, personId, registrationId, itemId).catch(fail(request))
  if (found.kind === 'exam') throw redirect(paths.exam(registrationId, itemId))
  if (found.kind === 'package') throw redirect(paths.myPackage(registrationId, itemId))
  if (found.kind === 'lti') throw redirect(paths.toolLesson(registrationId, itemId))
  const { body, mediaId, captions, ...lesson } = found
  return {
    lesson: {
      ...lesson,
      mediaSrc: mediaId && paths.lessonMedia(mediaId),
      captions: captions.map(({ id, language, label }) => ({ src: paths.lessonCaptions(id), language, label })),
      address: paths.viewing(),
    },
    html: richText(
      [body.text, body.story, body.result, body.task, body.note]
        .filter((one) => typeof one === 'string' && one !== '')
        .join('\n\n'),
    ),
    transcripts: captions.map(({ label, transcript }) => ({ label, transcript })),
    steps: neighboursOf(registrationId, await itemsOf(ctx.db, registrationId), itemId),
    notes: await notesOf(ctx.db, registrationId, itemId),
    handed: found.kind === 'assignment' ? await ownSubmissions(ctx.db, registrationId, itemId) : [],
  }
}

export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = ownAffairs({ request, context })
  const place = { registrationId: isId(params.registrationId), itemId: isId(params.itemId) }
  const form = await request.formData()
  const input = { ...Object.fromEntries(form), ...place }
  const steps = {
    note: () => addNote(ctx, input),
    'drop-note': () => dropNote(ctx, input),
    assignment: () => submitAssignment(ctx, input),
  }
  const saying = { note: 'note-kept', 'drop-note': 'note-dropped', assignment: 'assignment-sent' }
  const intent = String(form.get('intent')) as keyof typeof steps
  if (!Object.hasOwn(steps, intent)) throw new Response(null, { status: 400 })
  const tried = await attempt<unknown>(steps[intent](), form, learningWords(ctx))
  return tried.ok ? redirect(done(paths.lesson(place.registrationId, place.itemId), saying[intent])) : tried.answer
}

export default function Lesson({ loaderData, actionData }: Route.ComponentProps) {
  const { lesson, html, transcripts, notes, handed, steps } = loaderData
  const assignment = lesson.kind === 'assignment'
  return (
    <>
      <PageHeader
        title={lesson.title}
        caption={`${itemKinds[lesson.kind]}　${lesson.chapterTitle}`}
        crumbs={[
          { label: '我的线上课程', href: paths.myCourses() },
          { label: lesson.courseTitle, href: paths.myCourse(lesson.registrationId) },
        ]}
      />
      <div className="stack">
        {!assignment && <Player key={lesson.itemId} lesson={lesson} />}
        {lesson.kind === 'document' && lesson.mediaSrc && (
          <Actions>
            <LinkButton href={lesson.mediaSrc}>打开文档</LinkButton>
          </Actions>
        )}
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: Markdown without HTML, made by rich-text.ts */}
        {html && <div className="prose-zh" dangerouslySetInnerHTML={{ __html: html }} />}
        {transcripts.map((one) => (
          <More key={one.label} label={`文字稿（${one.label}）`}>
            <p className="transcript">{one.transcript}</p>
          </More>
        ))}
        {assignment && <Assignment handed={handed} failed={actionData} />}
        {!assignment && <Notes notes={notes} failed={actionData} />}
        <CourseSteps steps={steps} registrationId={lesson.registrationId} />
        <p>
          <a href={paths.myMinutes(lesson.registrationId)}>逐段查看学习时间怎样计</a>
        </p>
      </div>
    </>
  )
}
