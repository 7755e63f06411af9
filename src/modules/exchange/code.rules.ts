import { normalise } from '#shared/text.ts'

/** Digits and capitals that cannot be mixed up. */
export const verificationAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A sign-in code as people type it: small letters, spaces, O for 0, I or L for 1. */
export const readCode = (typed: string): string =>
  normalise(typed).toUpperCase().replace(/[\s-]/g, '').replace(/[IL]/g, '1').replace(/O/g, '0')
