/** One thing wrong with a plan folder, said so that the person who wrote the file can mend it. */
export type PlanFault = { file: string; path: string; reason: string }

/** A plan folder is refused as a whole, with every fault found. */
export class PlanError extends Error {
  readonly faults: readonly PlanFault[]
  constructor(faults: readonly PlanFault[]) {
    super(`计划文件有误：\n${faults.map((f) => `  ${f.file} ${f.path}：${f.reason}`).join('\n')}`)
    this.name = 'PlanError'
    this.faults = faults
  }
}
