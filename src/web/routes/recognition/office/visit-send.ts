import { data } from 'react-router'
import { AppError } from '#platform/errors.ts'
import { signedIn } from '../../../ctx.ts'
import { isId } from '../../../params.ts'
import { recognitionWords } from '../../../recognition/desk.ts'
import { visitOf } from '../../../recognition/visit-desk.ts'
import type { Route } from './+types/visit-send.ts'

/** Nothing to see here, whoever may send. */
export function loader({ request, context }: Route.LoaderArgs) {
  signedIn({ request, context }, 'recognition.manage')
  return data(null, 404)
}

/** A visit that a phone has kept; sent twice it is recorded once. */
export async function action({ request, context, params }: Route.ActionArgs) {
  const { ctx } = signedIn({ request, context }, 'recognition.manage')
  try {
    await visitOf(ctx, isId(params.id), await request.formData())
    return data({ sent: true })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { fault } = error
    const words =
      fault.kind === 'invalid'
        ? Object.values(fault.fields).flat().join('；')
        : fault.kind === 'refused'
          ? recognitionWords(ctx)(fault.refusal)?.title
          : '这件申请现在不等待现场核查'
    return data({ sent: false, message: words ?? '没有发出去，请检查后再提交。' }, 422)
  }
}
