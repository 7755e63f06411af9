import decodeQR from 'qr/decode.js'

/** The text of a QR code in a picture, or null. The signed code is dense, so the reader may try hard. */
function read(context: CanvasRenderingContext2D, timeLimit: number): string | null {
  const { width, height } = context.canvas
  try {
    return decodeQR(context.getImageData(0, 0, width, height), { effort: 8, timeLimit })
  } catch {
    return null
  }
}

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', {
    willReadFrequently: true,
  })
  if (!context) throw new Error('no canvas')
  return context
}

const largest = 2400

/** Reads a picture file; null when there is no code in it, or it is no picture. */
export async function readPicture(file: Blob): Promise<string | null> {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, largest / Math.max(picture.width, picture.height))
    const context = canvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
    context.fillStyle = '#fff'
    context.fillRect(0, 0, context.canvas.width, context.canvas.height)
    context.drawImage(picture, 0, 0, context.canvas.width, context.canvas.height)
    return read(context, 3000)
  } catch {
    return null
  }
}

export const hasCamera = () => typeof navigator !== 'undefined' && !!navigator.mediaDevices?.getUserMedia

/** Shows the camera in `video` and tells the first code it sees. Call what it returns to stop. Throws when refused. */
export async function watchCamera(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
  })
  video.srcObject = stream
  await video.play()
  const context = canvas(video.videoWidth, video.videoHeight)
  const stop = () => {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  const timer = setInterval(() => {
    context.drawImage(video, 0, 0)
    const text = read(context, 100)
    if (text === null) return
    stop()
    found(text)
  }, 200)
  return stop
}
