/** Our own small set, drawn on a 24-unit grid with one stroke. */
const shapes = {
  home: 'M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2 21 21',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  people:
    'M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 19.5c.6-3.3 3-5 6.5-5s5.9 1.7 6.5 5M16 5.5a3 3 0 0 1 0 6M17.5 14.8c2.3.6 3.6 2.2 4 4.7',
  building: 'M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3',
  school: 'M12 4 2.5 9 12 14l9.5-5zM6.5 11.5V17c3 2.6 8 2.6 11 0v-5.5M21 9.5V15',
  office: 'M4 20h16M6 20v-9M10 20v-9M14 20v-9M18 20v-9M3.5 11h17L12 4z',
  book: 'M12 6.5C9.5 4.5 6.5 4.2 3.5 4.7v13.6c3-.5 6-.2 8.5 1.7 2.5-1.9 5.5-2.2 8.5-1.7V4.7c-3-.5-6-.2-8.5 1.8zM12 6.5V20',
  certificate:
    'M4 4h16v11h-6M10 15H4V4M12 12a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM10.2 17.5 9.5 22l2.5-1.4 2.5 1.4-.7-4.5M7.5 8h9',
  money: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 7.5 12 12l3.5-4.5M12 12v5.5M9 12h6M9 14.8h6',
  calculator: 'M5 3h14v18H5zM8 6.5h8v3H8zM8.5 13.5h.01M12 13.5h.01M15.5 13.5h.01M8.5 17h.01M12 17h.01M15.5 17h.01',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8 3v4M16 3v4',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 8v4.5l3 2',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4.5 6h.01M4.5 12h.01M4.5 18h.01',
  document: 'M6 3h8.5L19 7.5V21H6zM14 3v5h5M9 12.5h7M9 16.5h7',
  chart: 'M4 20h16M7 20v-7M12 20V5M17 20v-10',
  shield: 'M12 3 4.5 6v5.5c0 4.5 3 8 7.5 9.5 4.5-1.5 7.5-5 7.5-9.5V6zM8.5 12l2.5 2.5 4.5-5',
  speaker: 'M4 10v4h3.5l5.5 4V6l-5.5 4zM16.5 9c1.3 1.7 1.3 4.3 0 6M19 6.5c2.6 3.2 2.6 7.8 0 11',
  flag: 'M6 21V4M6 4.5c4-2 7 2 12 0v9c-5 2-8-2-12 0',
  check: 'M5 12.5 10 17.5 19.5 7',
  cross: 'M6 6 18 18M18 6 6 18',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.5v.01',
  warning: 'M12 3.5 2.5 20h19zM12 10v5M12 17.5v.01',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.3v.01',
  dot: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  hourglass: 'M7 3h10M7 21h10M8 3c0 5 4 6 4 9s-4 4-4 9M16 3c0 5-4 6-4 9s4 4 4 9',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  phone:
    'M6 3.5h3.5l1.5 5-2.5 1.7c1.2 2.6 2.7 4.1 5.3 5.3l1.7-2.5 5 1.5V18c0 1.4-1.1 2.5-2.5 2.5C10.5 20 4 13.5 3.5 6c0-1.4 1.1-2.5 2.5-2.5z',
  eye: 'M2.5 12c4.5-8 14.5-8 19 0-4.5 8-14.5 8-19 0zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  upload: 'M12 16V4M7 8.5 12 4l5 4.5M4 15v5h16v-5',
  download: 'M12 4v12M7 11.5 12 16l5-4.5M4 16v4h16v-4',
  lock: 'M6 10.5h12V21H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14.5v2.5',
  star: 'M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6L3.4 9.8l6-.8z',
  leave: 'M10 4H5v16h5M10 12h10M16 8l4 4-4 4',
} as const

export type IconName = keyof typeof shapes
export const iconNames = Object.keys(shapes) as IconName[]

/** Decoration unless it has a label; then it is an image with that name. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  return label ? (
    <svg className="icon" viewBox="0 0 24 24" role="img" aria-label={label}>
      <path d={shapes[name]} />
    </svg>
  ) : (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}
