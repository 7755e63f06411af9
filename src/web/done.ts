/**
 * What a page says after the redirect that follows a write. The address carries a code, never a sentence, so nobody
 * can make our page say something by sending a link.
 */
export const doneTexts: Record<string, string> = {
  saved: '已保存。',
  submitted: '已提交。办理进度可以在“办件”里看到。',
  withdrawn: '已撤回。',
  removed: '已删除。',
  'signed-in': '已登录。',
  'signed-out': '已退出登录。',
  preferences: '显示设置已保存。',
}
