import { spawn } from 'node:child_process'

/** Runs one step of a check list with its output shown; tells how long it took. */
export async function step(
  title: string,
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const began = Date.now()
  console.log(`\n▶ ${title}`)
  const code = await new Promise<number>((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } })
    child.on('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.on('exit', (status) => resolve(status ?? 1))
  })
  console.log(`${code === 0 ? '✔' : '✘'} ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`)
  return code === 0
}
