const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const ranges: [string, number][] = [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as [string, number][]),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as [string, number][]),
]

/** Addresses of machines near us, which nobody from outside must reach through us. */
export function isNear(address: string): boolean {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4)
    return ranges.some(
      ([base, bits]) => Math.floor(number(v4) / 2 ** (32 - bits)) === Math.floor(number(base) / 2 ** (32 - bits)),
    )
  return !/^[23][0-9a-f]{3}:/i.test(address) || /^2002:|^2001:0?:|^64:ff9b:/i.test(address)
}
