/** What the demonstration district's courses teach. Everything in them is written for it. */

export type Question =
  | { kind: 'single' | 'multiple'; prompt: string; options: string; answer: string; explanation: string }
  | { kind: 'true-false'; prompt: string; answer: '对' | '错'; explanation: string }
export type Lesson = { chapter: number; chapterTitle: string; title: string; minutes: number; text: string }
export type DemoCourse = {
  title: string
  summary: string
  occupation?: string
  level?: string
  groups?: string[]
  classHours: number
  film?: { chapter: number; chapterTitle: string; title: string }
  lessons: Lesson[]
  task?: string
  questions: Question[]
}

export const filmCaptions = `WEBVTT

00:00.000 --> 00:12.000
磨刀：上案之前的第一课。钝刀要用力，用力就会打滑。

00:12.000 --> 00:24.000
先看磨石：粗石开刃，细石收口。水石泡到不再冒泡。

00:24.000 --> 00:36.000
角度：刀背抬起约两枚硬币的高度，手腕不动。

00:36.000 --> 00:48.000
用力：推出去用力，拉回来放松。

00:48.000 --> 01:00.000
看卷刃：摸得到毛边，就换另一面。

01:00.000 --> 01:12.000
收口和试刀：细石轻推几下，冲净擦干。
`

export const knife: DemoCourse = {
  title: '粤菜师傅：刀工入门',
  summary:
    '给刚进厨房的人。学会**磨刀、握刀、下刀**，知道每种刀法用在什么料上。\n\n学完能独立完成：\n\n- 磨好一把片刀；\n- 切出均匀的丝、片、丁；\n- 说清生熟分开的规矩。\n\n答疑：每周三晚由曾师傅在“线上学员和作业”里批改作业。',
  occupation: '2015:4-03-02-01',
  level: '5',
  groups: ['veterans'],
  classHours: 1,
  film: { chapter: 1, chapterTitle: '上案之前', title: '磨刀' },
  lessons: [
    {
      chapter: 1,
      chapterTitle: '上案之前',
      title: '案板、刀具和手',
      minutes: 15,
      text: `## 案板不滑，手才敢稳

案板下面垫一条拧干的湿毛巾。站姿与案板成半步距离，腰直，肩松。

## 生熟分开

| 颜色 | 用来切 |
|---|---|
| 红 | 生肉 |
| 蓝 | 水产 |
| 绿 | 蔬菜水果 |
| 白 | 熟食 |

切完一种，刀和板都要冲洗、擦干，再切下一种。

## 握刀和护手

1. 拇指和食指捏住刀身根部，其余三指握柄。
2. 另一只手成“猫爪”：指尖往里收，指关节贴着刀面。
3. 刀抬起的高度，不超过指关节。`,
    },
    {
      chapter: 2,
      chapterTitle: '常用刀法',
      title: '直切、推切、拉切',
      minutes: 16,
      text: `## 看料下刀

- **直切**：脆的料，如萝卜、黄瓜。刀垂直落下，不前后移动。
- **推切**：韧的料，如瘦肉。刀由里向外推，一刀到底。
- **拉切**：软而易碎的料，如熟肉、豆腐干。刀由外向里拉。

## 均匀从哪里来

刀不动，手动：每切一刀，护手的那只手往后退同样的距离。**先求匀，再求快。**

> 切出来的料厚薄不一，下锅就有生有熟。刀工不是给人看的，是给火候准备的。`,
    },
    {
      chapter: 2,
      chapterTitle: '常用刀法',
      title: '丝、片、丁：从料到形',
      minutes: 14,
      text: `## 顺序

先修整成方块，再切片，片叠起切丝，丝排齐切丁。

## 常用规格

| 形 | 大约多大 | 用在 |
|---|---|---|
| 细丝 | 火柴梗 | 凉拌、羹 |
| 中片 | 一枚硬币厚 | 滑炒 |
| 丁 | 骰子大小 | 炒、烩 |

## 边料怎么办

修下来的边料不丢：菜边煮汤，肉边剁馅。厨房的成本，一半在案板上。`,
    },
  ],
  task: '切一份土豆丝（约 200 克），写下：磨刀用了几分钟、用了哪种刀法、最粗和最细的一根大约各多粗、哪一步最难。',
  questions: [
    {
      kind: 'single',
      prompt: '切瘦肉片，用哪一种刀法？',
      options: '直切\n推切\n砍',
      answer: 'B',
      explanation: '瘦肉有韧性，推切一刀到底，断面整齐。',
    },
    {
      kind: 'true-false',
      prompt: '钝刀比快刀安全。',
      answer: '错',
      explanation: '钝刀要多用力，更容易打滑伤手。',
    },
    {
      kind: 'multiple',
      prompt: '哪些做法是对的？（可多选）',
      options: '案板下垫湿毛巾\n切完生肉擦一擦再切熟食\n指尖往里收，指关节贴刀面\n磨刀时手腕跟着转',
      answer: 'A C',
      explanation: '生熟必须换板换刀；磨刀时手腕不动，角度才稳。',
    },
    {
      kind: 'true-false',
      prompt: '绿色案板用来切蔬菜水果。',
      answer: '对',
      explanation: '按颜色分板，生熟不混。',
    },
    {
      kind: 'single',
      prompt: '要把料切得均匀，主要靠什么？',
      options: '刀越重越好\n护手每次后退同样的距离\n切得快',
      answer: 'B',
      explanation: '刀不动、手动，退的距离一样，料就一样厚。',
    },
  ],
}

export const care: DemoCourse = {
  title: '居家老人照护：起身、喂食和用药',
  summary: '给家政服务员和家里有老人的人。三件天天要做的事，做对了少受伤、少呛咳、不吃错药。',
  occupation: '2015:4-10-01-06',
  level: '5',
  groups: ['registeredUnemployed'],
  classHours: 1,
  lessons: [
    {
      chapter: 1,
      chapterTitle: '起身和移动',
      title: '从床上坐起来',
      minutes: 16,
      text: `## 先说，再动

动手之前告诉老人要做什么，等他点头。

## 四步

1. 帮他屈膝侧卧，脸朝床边。
2. 一手托肩，一手扶膝。
3. 请他用手撑床，同时把小腿放到床外。
4. 坐稳，双脚踩地，**停一分钟**再站，防止头晕摔倒。

照护的人：屈膝、腰直，用腿的力，不用腰的力。`,
    },
    {
      chapter: 2,
      chapterTitle: '吃饭和用药',
      title: '喂食防呛',
      minutes: 15,
      text: `## 姿势

坐直或半坐，下巴微收。躺着不喂。

## 一口一口

- 每口一小勺，看到咽下去再喂下一口。
- 稀的容易呛，必要时按医嘱加增稠剂。
- 吃完坐二三十分钟再躺。

**发生呛咳**：停喂，身体前倾，鼓励他自己咳；脸色发紫、说不出话，立刻呼叫 120。`,
    },
    {
      chapter: 2,
      chapterTitle: '吃饭和用药',
      title: '用药不出错',
      minutes: 15,
      text: `## 五对

对人、对药、对量、对时间、对吃法。每次拿药时对一遍，放回时再对一遍。

## 记下来

| 时间 | 药名 | 用量 | 谁给的 | 有没有不舒服 |
|---|---|---|---|---|

不自己加药、停药、换药；有疑问，问医生或药师。`,
    },
  ],
  questions: [
    {
      kind: 'true-false',
      prompt: '老人坐起来以后应马上站起来。',
      answer: '错',
      explanation: '停一分钟再站，防止头晕摔倒。',
    },
    {
      kind: 'single',
      prompt: '老人呛到、说不出话、脸色发紫，先做什么？',
      options: '喂水\n立刻呼叫 120\n让他躺下',
      answer: 'B',
      explanation: '这是气道堵塞的表现，不能喂水，不能躺下。',
    },
    {
      kind: 'true-false',
      prompt: '喂食时每口要看到咽下去再喂下一口。',
      answer: '对',
      explanation: '一口一口，防止误吸。',
    },
  ],
}

export const live: DemoCourse = {
  title: '直播带货：开播前要懂的规矩',
  summary: '给布匹市场里想开直播的商户和店员：说什么、不能说什么，货和话要对得上。',
  classHours: 1,
  lessons: [
    {
      chapter: 1,
      chapterTitle: '开播之前',
      title: '货、证、话三样对得上',
      minutes: 24,
      text: `## 货

开播的每一款，先量、先试、先看标签：成分、尺寸、色牢度，说的要和货一样。

## 话

- 不说做不到的：“永不褪色”“全网最低”。
- 拿得出凭据的才说：检测报告、进货单。
- 有瑕疵的当面说，写在页面上。`,
    },
    {
      chapter: 1,
      chapterTitle: '开播之前',
      title: '售后怎么说、怎么做',
      minutes: 22,
      text: `## 三句话说清

1. 几天内可以退；
2. 谁出运费；
3. 找谁、怎么找。

把这三句放在页面上，也在开播时说一遍。答应过的，要能查到。`,
    },
  ],
  questions: [
    {
      kind: 'true-false',
      prompt: '没有比较过，也可以说“全网最低价”。',
      answer: '错',
      explanation: '拿不出凭据的话不能说。',
    },
    {
      kind: 'true-false',
      prompt: '商品有瑕疵，应当面说明并写在页面上。',
      answer: '对',
      explanation: '货和话要对得上。',
    },
  ],
}

export const labels: DemoCourse = {
  title: '数据标注：从看图到交付',
  summary: '给想做人工智能训练师的人：标注规范、自检和返工。',
  classHours: 2,
  lessons: [
    {
      chapter: 1,
      chapterTitle: '规范',
      title: '读懂标注规范',
      minutes: 48,
      text: `## 规范先于标注

拿到任务，先读规范，再标十张样例，和验收的人对一遍。

- 框要贴边，不多不少；
- 被挡住的部分，按规范决定补不补；
- 拿不准的，标“存疑”，不要猜。`,
    },
    {
      chapter: 2,
      chapterTitle: '自检',
      title: '自检和返工',
      minutes: 46,
      text: `## 每一百张自检五张

错一张，回头查这一百张。返工不丢人，带着错交付才误事。`,
    },
  ],
  questions: [
    {
      kind: 'true-false',
      prompt: '拿不准的目标，应该猜一个。',
      answer: '错',
      explanation: '标“存疑”，由验收的人定。',
    },
    {
      kind: 'true-false',
      prompt: '自检发现错误，要回头查同一批。',
      answer: '对',
      explanation: '错误往往成批出现。',
    },
  ],
}

export const tidy: DemoCourse = {
  title: '家庭收纳：先减后放',
  summary: '草稿：还差第二章和题目。',
  classHours: 1,
  lessons: [
    {
      chapter: 1,
      chapterTitle: '先减',
      title: '一个柜子的一小时',
      minutes: 30,
      text: '全部拿出来，分三堆：**留、送、丢**。拿不定的放进写了日期的箱子，半年没开过，就送走。',
    },
  ],
  questions: [],
}
