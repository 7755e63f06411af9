import QRCode from 'qrcode'

/** A QR code as an SVG picture for print. Error level M survives a poor copy; four modules of quiet zone around it. */
export function qrSvg(text: string): string {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' })
  const quiet = 4
  let path = ''
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue
      let end = x + 1
      while (end < modules.size && modules.get(y, end)) end++
      path += `M${x + quiet} ${y + quiet}h${end - x}v1h-${end - x}z`
      x = end
    }
  }
  const side = modules.size + 2 * quiet
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><path d="${path}"/></svg>`
}
