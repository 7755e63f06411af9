import { documentIndex, nameIndex, personContext, phoneIndex } from '#modules/people/person.queries.ts'
import type { CryptoProvider } from '#platform/crypto.ts'
import type { Plan } from '#policy/plan.types.ts'
import { maskDocument, maskName, maskPhone } from '#shared/text.ts'
import { dice, syntheticPerson } from '../synthetic.ts'
import type { Row } from './insert.ts'
import { chance, idFor } from './layout.ts'

/** Where a load's people and undertakers begin, so that two loads and the told stories never share anybody. */
export type Region = { seed: number; firstPerson: number; firstOrganisation: number }

/** A load's trainers and staff come first, then its trainees. */
export const firstTrainee = 8_000
export const trainerIndex = (lane: number) => lane
export const staffIndex = (organisation: number, nth: number) => 4_000 + organisation * 2 + nth

export const personOf = ({ seed, firstPerson }: Region, index: number) =>
  syntheticPerson(dice((seed * 1_000_003 + index * 7919) >>> 0), firstPerson + index)

export const personIdOf = (seed: number, index: number, registeredAt: Date): string =>
  idFor(registeredAt, seed, 'person', index)

export const subdistrictOf = (plan: Plan, seed: number, ...name: (string | number)[]): string =>
  plan.subdistricts[Math.floor(chance(seed, ...name, 'subdistrict') * plan.subdistricts.length)]?.code as string

/** The key group somebody belongs to, if any; employees are seldom counted among the unemployed. */
export function groupOf(seed: number, index: number, employed: boolean): string | null {
  const roll = chance(seed, index, 'group')
  if (roll < 0.012) return 'disabled'
  if (roll < 0.03) return 'veterans'
  if (employed) return null
  if (roll < 0.2) return 'registeredUnemployed'
  return roll < 0.23 ? 'transferredWorkers' : null
}

export const regionOf = ({ seed, firstPerson, firstOrganisation }: Region): Region => ({
  seed,
  firstPerson,
  firstOrganisation,
})

/** The trainee behind a member of the layout. */
export const traineeOf = (region: Region, member: number) => personOf(region, firstTrainee + member)

/** Somebody as the register keeps them: sealed, with blind indexes and masks; and the first record of the name. */
export function personRows(
  crypto: CryptoProvider,
  person: Region & { index: number; at: Date; on: string; subdistrict: string },
): { person: Row; name: Row } {
  const { name, documentKind, documentNumber, phone, bornOn, sex } = traineeOf(person, person.index)
  const id = personIdOf(person.seed, person.index, person.at)
  const naming = {
    name_sealed: crypto.seal(name, personContext.name),
    name_index: nameIndex(crypto, name),
    name_masked: maskName(name),
  }
  return {
    person: {
      id,
      document_kind: documentKind,
      document_sealed: crypto.seal(documentNumber, personContext.document),
      document_index: documentIndex(crypto, documentKind, documentNumber),
      document_masked: maskDocument(documentNumber),
      ...naming,
      phone_sealed: crypto.seal(phone, personContext.phone),
      phone_index: phoneIndex(crypto, phone),
      phone_masked: maskPhone(phone),
      details_sealed: crypto.seal(JSON.stringify({ bornOn, sex }), personContext.details),
      subdistrict: person.subdistrict,
      created_at: person.at,
      version: 1,
    },
    name: {
      id: idFor(person.at, person.seed, 'name', person.index),
      person_id: id,
      ...naming,
      valid_from: person.on,
      evidence: '首次登记',
      recorded_at: person.at,
      recorded_by: 'system:load',
    },
  }
}
