import { PageBody } from '../layouts/portal.tsx'
import { paths } from '../paths.ts'
import { site, title } from '../site.ts'
import { PageHeader } from '../ui/page-header.tsx'

export const meta = () => title('无障碍说明')

export default function Accessibility() {
  return (
    <PageBody>
      <PageHeader
        title="无障碍说明"
        crumbs={[{ label: '首页', href: paths.home() }]}
        lead="本平台要让每个人都能自己办成事，包括年长的、视力或行动不便的，和只用旧手机的人。"
      />
      <div className="prose-zh">
        <h2>我们做到的</h2>
        <ul>
          <li>
            大字、大按钮的<a href={paths.preferences()}>适老模式</a>和高对比度，一点就换，内容和标准版完全相同。
          </li>
          <li>全部功能只用键盘就能操作，当前位置有明显的框线。</li>
          <li>公开页面和各类表单不依赖脚本；网络慢、手机旧也能打开和提交。</li>
          <li>状态用文字和图形表示，不只靠颜色；图表都附有数据表。</li>
          <li>填错时，在页面上方逐条说明，点一下就到要改的地方，已填的内容不会丢。</li>
          <li>没有弹窗广告，不诱导下载，不用图片验证码。</li>
          <li>不会用手机的，可以到所在街道窗口，经本人同意后由工作人员代办，每一步都有记录。</li>
        </ul>
        <h2>依据</h2>
        <p>
          按《信息技术 互联网内容无障碍可访问性技术要求与测试方法》（GB/T
          37668-2019）和工业和信息化部《互联网网站适老化通用设计规范》设计，发布前用自动检查和键盘走查核对。
        </p>
        <h2>还有不足</h2>
        <ul>
          <li>部分机构上传的课程视频还没有字幕，列表里会注明。</li>
          <li>个别附件是扫描件，读屏软件读不出；可以打电话索取文字版。</li>
        </ul>
        <h2>遇到困难请告诉我们</h2>
        <p>
          工作日拨打 <a href={`tel:${site.phone}`}>{site.phoneShown}</a>，或者
          <a href={paths.reportProblem()}>在线留言</a>。我们会在 5 个工作日内答复。
        </p>
      </div>
    </PageBody>
  )
}
