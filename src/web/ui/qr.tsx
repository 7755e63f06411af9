/** A QR code with words saying what it is for; `code` comes from `qrPath` in the loader. */
export function Qr({ code, label }: { code: { size: number; path: string }; label: string }) {
  return (
    <figure className="qr">
      <svg
        viewBox={`-4 -4 ${code.size + 8} ${code.size + 8}`}
        role="img"
        aria-label={label}
        shapeRendering="crispEdges"
      >
        <path d={code.path} />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  )
}
