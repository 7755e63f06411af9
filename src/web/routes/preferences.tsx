import { data, redirect } from 'react-router'
import { PageBody } from '../layouts/portal.tsx'
import { localPath, paths } from '../paths.ts'
import { type Preferences, preferencesCookie, readPreferences } from '../preferences.ts'
import { title } from '../site.ts'
import { Button } from '../ui/button.tsx'
import { RadioGroup } from '../ui/choices.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import type { Route } from './+types/preferences.ts'

export const meta = () => title('适老模式与显示设置')

/** With `size` or `contrast` in the address: sets the cookie and goes back. A plain link can therefore switch. */
export function loader({ request }: Route.LoaderArgs) {
  const asked = new URL(request.url).searchParams
  const now = readPreferences(request)
  const next = localPath(asked.get('next'), paths.preferences())
  if (!asked.has('size') && !asked.has('contrast')) return data({ now, next: asked.get('next') })
  const wanted: Preferences = {
    size: asked.has('size') ? (asked.get('size') === 'large' ? 'large' : 'normal') : now.size,
    contrast: asked.has('contrast') ? (asked.get('contrast') === 'more' ? 'more' : 'normal') : now.contrast,
  }
  throw redirect(next, { headers: { 'set-cookie': preferencesCookie(wanted) } })
}

export default function PreferencesPage({ loaderData: { now, next } }: Route.ComponentProps) {
  return (
    <PageBody>
      <PageHeader
        title="适老模式与显示设置"
        crumbs={[{ label: '首页', href: paths.home() }]}
        lead="选好后保存在这台设备上，不用登录。"
      />
      <form className="form" method="get">
        {next && <input type="hidden" name="next" value={localPath(next)} />}
        <RadioGroup
          name="size"
          label="字号"
          value={now.size}
          options={[
            { value: 'normal', label: '标准' },
            { value: 'large', label: '大字（适老模式）', hint: '字号、行距和按钮都放大，页面内容不减少。' },
          ]}
        />
        <RadioGroup
          name="contrast"
          label="对比度"
          value={now.contrast}
          options={[
            { value: 'normal', label: '标准' },
            { value: 'more', label: '高对比度', hint: '白底黑字，边线加深。' },
          ]}
        />
        <Button>保存</Button>
      </form>
    </PageBody>
  )
}
