/**
 * Reading a QR code with the camera or from a picture, by what the browser brings for it. Where it brings nothing, the
 * text beside the code says the same: a decoder of our own would be a tenth of what everybody fetches.
 */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { say, wordsOf } from '../state/model.ts'
import { t } from '../texts/catalogue.ts'
import { Dialog, closeDialog, showDialog } from './dialog.tsx'

interface Detector { detect: (source: ImageBitmapSource) => Promise<Array<{ rawValue: string }>> }
interface DetectorClass { new (options: { formats: string[] }): Detector, getSupportedFormats: () => Promise<string[]> }

const lookMs = 200

async function createDetector (): Promise<Detector | undefined> {
  const { BarcodeDetector: Found } = globalThis as { BarcodeDetector?: DetectorClass }
  if (Found === undefined || !(await Found.getSupportedFormats()).includes('qr_code')) return undefined
  return new Found({ formats: ['qr_code'] })
}

export function Scan ({ onFound }: { onFound: (text: string) => void }): VNode | null {
  /** 'missing': this browser has none. Undefined: not known yet. */
  const [detector, setDetector] = useState<Detector | 'missing'>()
  const file = useRef<HTMLInputElement>(null)
  useEffect(() => {
    createDetector().then(found => { setDetector(found ?? 'missing') }, () => { setDetector('missing') })
  }, [])
  if (detector === undefined) return null
  if (detector === 'missing') return <small>{t('scanMissing')}</small>

  const readPicture = async (picture: File): Promise<void> => {
    const [code] = await detector.detect(await createImageBitmap(picture))
    if (code === undefined) say(t('scanNothing'))
    else onFound(code.rawValue)
  }
  return (
    <div class="actions start">
      <button
        type="button" class="button"
        onClick={() => { showDialog(() => <Camera detector={detector} onFound={text => { closeDialog(); onFound(text) }} />) }}
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
function Camera ({ detector, onFound }: { detector: Detector, onFound: (text: string) => void }): VNode {
  const video = useRef<HTMLVideoElement>(null)
  const [failure, setFailure] = useState('')
  useEffect(() => {
    let stream: MediaStream | undefined
    let isOpen = true
    const stop = (): void => { for (const track of stream?.getTracks() ?? []) track.stop() }
    const look = async (): Promise<void> => {
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
    look().catch(() => { if (isOpen) setFailure(t('scanNoCamera')) })
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
