import { officials, told, undertakers } from './cast.ts'
import { dice, type SyntheticPerson, syntheticPerson } from './synthetic.ts'

/** One seed for the told district; the load has its own. */
const seed = 2020

export type CastPerson = Pick<SyntheticPerson, 'name' | 'documentKind' | 'documentNumber' | 'phone'>

/** The `index`-th person of the told district, always the same one. */
export const person = (index: number, name?: string): SyntheticPerson => {
  const made = syntheticPerson(dice(seed * 65_537 + index * 977), index)
  return name === undefined ? made : { ...made, name }
}

const staff = undertakers.flatMap(({ key, staff: people }) =>
  Object.entries(people).map(([role, name]) => ({ key, role, name })),
)
const trainers = undertakers.flatMap(({ key, trainers: people }) => people.map(({ name }) => ({ key, name })))

/** Where each part of the cast begins in the row of made-up people. */
const from = { officials: 1, staff: 51, trainers: 101, told: 151, trainees: 201 } as const

const named = new Map<string, SyntheticPerson>([
  ...officials.map(({ name }, i) => [name, person(from.officials + i, name)] as const),
  ...staff.map(({ name }, i) => [name, person(from.staff + i, name)] as const),
  ...trainers.map(({ name }, i) => [name, person(from.trainers + i, name)] as const),
  ...Object.values(told).map(({ name }, i) => [name, person(from.told + i, name)] as const),
])

export function castPerson(name: string): SyntheticPerson {
  const found = named.get(name)
  if (!found) throw new RangeError(`nobody of the cast is called ${name}`)
  return found
}

/** Trainees without a story of their own, by number from 0. */
export const trainee = (number: number): SyntheticPerson => person(from.trainees + number)
export const everybody = (trainees: number): SyntheticPerson[] => [
  ...named.values(),
  ...Array.from({ length: trainees }, (_, number) => trainee(number)),
]
export { staff as castStaff, trainers as castTrainers }
