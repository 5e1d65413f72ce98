/**
 * Reading a QR code with the camera or from a picture, by what the browser brings for it, or by a library that is
 * loaded where it brings nothing.
 */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { say, wordsOf } from '../state/model.ts'
import { t } from '../texts/catalogue.ts'
import { Dialog, closeDialog, showDialog } from './dialog.tsx'

type Source = ImageBitmap | HTMLVideoElement
interface Detector { detect: (source: Source) => Promise<Array<{ rawValue: string }>> }
interface DetectorClass { new (options: { formats: string[] }): Detector, getSupportedFormats: () => Promise<string[]> }

const lookMs = 200
/** Pixels of the longer side, tried in this order: more take longer, and noise is in the way. */
const sides = [640, 1400]

async function createDetector (): Promise<Detector> {
  const { BarcodeDetector: Found } = globalThis as { BarcodeDetector?: DetectorClass }
  // It may be there without the service of the system that it needs.
  const formats = await Found?.getSupportedFormats().catch((): string[] => [])
  if (Found !== undefined && formats?.includes('qr_code') === true) return new Found({ formats: ['qr_code'] })
  const { default: decodeQR } = await import('qr/decode.js')
  return {
    async detect (source) {
      for (const side of sides) {
        try {
          return [{ rawValue: decodeQR(pixelsOf(source, side)) }]
        } catch {
          // There is none, or not at this size.
        }
      }
      return []
    }
  }
}

/** The picture, made smaller where its longer side has more pixels than `side`. */
function pixelsOf (source: Source, side: number): ImageData {
  const [width, height] = 'videoWidth' in source ? [source.videoWidth, source.videoHeight] : [source.width, source.height]
  const scale = Math.min(1, side / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

export function Scan ({ onFound }: { onFound: (text: string) => void }): VNode {
  const file = useRef<HTMLInputElement>(null)

  const readPicture = async (picture: File): Promise<void> => {
    const [code] = await (await createDetector()).detect(await createImageBitmap(picture))
    if (code === undefined) say(t('scanNothing'))
    else onFound(code.rawValue)
  }
  return (
    <div class="actions start">
      <button
        type="button" class="button"
        onClick={() => { showDialog(() => <Camera onFound={text => { closeDialog(); onFound(text) }} />) }}
      >{t('scanCamera')}</button>
      <button type="button" class="button" onClick={() => { file.current?.click() }}>{t('scanPicture')}</button>
      <input
        ref={file} type="file" accept="image/*" hidden aria-label={t('scanPicture')} onChange={({ currentTarget }) => {
          const [picture] = currentTarget.files ?? []
          if (picture !== undefined) readPicture(picture).catch((error: unknown) => { say(wordsOf(error)) })
          currentTarget.value = ''
        }}
      />
    </div>
  )
}

/** The camera runs as long as this is shown. What it sees stays in this page. */
function Camera ({ onFound }: { onFound: (text: string) => void }): VNode {
  const video = useRef<HTMLVideoElement>(null)
  const [failure, setFailure] = useState('')
  useEffect(() => {
    let stream: MediaStream | undefined
    let isOpen = true
    const stop = (): void => { for (const track of stream?.getTracks() ?? []) track.stop() }
    const look = async (): Promise<void> => {
      const detector = await createDetector()
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (!isOpen) stop()
      const { current } = video
      if (current === null) return
      current.srcObject = stream
      await current.play()
      while (isOpen) {
        const [code] = await detector.detect(current)
        // Closed meanwhile, it is not wanted any more.
        if (isOpen && code !== undefined) onFound(code.rawValue)
        await new Promise(resolve => { setTimeout(resolve, lookMs) })
      }
    }
    look().catch((error: unknown) => { if (isOpen) setFailure(error instanceof DOMException ? t('scanNoCamera') : wordsOf(error)) })
    return () => {
      isOpen = false
      stop()
    }
  }, [])
  return (
    <Dialog title={t('scanCamera')} onClose={closeDialog}>
      {failure === '' ? <video ref={video} class="camera" muted playsInline aria-label={t('scanCamera')} /> : <p class="warning" role="alert">{failure}</p>}
    </Dialog>
  )
}
