import { scopes } from '#modules/records/client.schema.ts'

/** How to speak to the record store: a part of the page that explains the API. */
export const xapiGuide = `<section><h2 id="xapi">学习记录（xAPI）</h2>
<p><code>/xapi</code> 是完整的学习记录库（LRS），同时支持 xAPI 1.0.3 和 2.0（IEEE 9274.1.1）：statements、附件、签名、作废、activities/state、activities/profile、agents/profile、activities、agents、about。本平台自身业务记录的档案（profile）：<a href="/xapi/profile">/xapi/profile</a>。</p>
<pre>curl -u key:secret -H "X-Experience-API-Version: 1.0.3" -H "Content-Type: application/json" \\
  -d '{"actor":{"account":{"homePage":"https://贵单位网址","name":"学号"}},"verb":{"id":"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"https://贵单位网址/courses/1"}}' \\
  https://本平台网址/xapi/statements
curl -u key:secret -H "X-Experience-API-Version: 2.0.0" "https://本平台网址/xapi/statements?verb=http://adlnet.gov/expapi/verbs/completed&amp;limit=50"</pre>
<ul><li>单位管理员在工作台“学习记录接口”开立客户端，得到 key 和 secret（HTTP Basic）。</li>
<li>每个客户端只读写本单位的记录；<code>authority</code> 由平台写入，不采信来件。</li>
<li>一次可以写入多条（最多4000条、20 MB），整批成功或整批拒绝；重复提交同一编号的同一记录不会重复。</li>
<li>请用账户标识学员，不要把姓名、手机号、证件号写进学习记录。</li>
<li>读取按页返回，<code>more</code> 是下一页的地址；<code>X-Experience-API-Consistent-Through</code> 之前写入的都已可读。</li></ul>
<table><thead><tr><th scope="col">权限</th><th scope="col">可以做什么</th></tr></thead><tbody>${Object.entries(scopes)
  .map(([scope, words]) => `<tr><th scope="row"><code>${scope}</code></th><td>${words}</td></tr>`)
  .join('')}</tbody></table></section>`
