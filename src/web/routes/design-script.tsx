import { useState } from 'react'
import { useLoaderData } from 'react-router'
import type { Handle } from '../handle.ts'
import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { title } from '../site.ts'
import { PageHeader } from '../ui/page-header.tsx'
import { Progress } from '../ui/progress.tsx'

export const meta = () => title('脚本样例')

/** The only kind of page that ships script says so here. */
export const handle = { script: true } satisfies Handle

export const loader = () => ({ hours: 34 })

export default function DesignScript() {
  const { hours } = useLoaderData<typeof loader>()
  const [more, setMore] = useState(0)
  return (
    <PageBody>
      <PageHeader
        title="脚本样例"
        crumbs={[{ label: '界面样例', href: paths.design() }]}
        lead="只有确需脚本的页面才带脚本。"
      />
      <div className="stack">
        <Progress label="学时" value={hours + more} max={40} unit="课时" />
        <button type="button" className="btn" onClick={() => setMore(more + 1)}>
          再记 1 课时
        </button>
      </div>
    </PageBody>
  )
}
