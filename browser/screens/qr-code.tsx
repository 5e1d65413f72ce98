/** A QR code as one path of an SVG, made where it is shown. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const marginModules = 2

export function QrCode ({ text, label }: { text: string, label: string }): VNode {
  const [matrix, setMatrix] = useState<boolean[][]>()
  useEffect(() => {
    let isCurrent = true
    import('qr').then(({ encodeQR }) => {
      if (isCurrent) setMatrix(encodeQR(text, 'raw', { ecc: 'low', border: marginModules }))
    }, () => { /* The link beside it says the same. */ })
    return () => { isCurrent = false }
  }, [text])
  const size = matrix?.length ?? 1
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <path d={matrix === undefined ? '' : pathOf(matrix)} />
    </svg>
  )
}

function pathOf (matrix: boolean[][]): string {
  return matrix.flatMap((row, y) => row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : '')).join('')
}
