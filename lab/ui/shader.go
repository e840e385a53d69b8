package ui

// The one shader. A vertex carries a place in local coordinates (the source position, measured in device pixels) and four
// numbers. The last number says what is drawn:
//
//	custom.w >= 0   box:    half width, half height, radius, stroke width (0 fills; a stroke lies inside the edge)
//	custom.w == -1  glyph:  the source position is in the atlas; custom.x > 0 asks for smooth sampling (turned text)
//	custom.w == -2  arc:    radius, half the width, half the angle; the arc is centred on the +x axis
//	custom.w == -3  convex: custom.x is the coverage, 1 inside, 0 at the edge of a one pixel feather
//	custom.w == -4  trail:  half length, half height of a dot, distance between dots; they fade along the +x axis
//	custom.w == -5  grid:   the distance between dots, their size; the source position is counted from one of them
//	custom.w <= -10 shadow: half width, half height, radius; the blur is -10 - w
//
// imageSrc0Origin is taken off because the engine moves source positions to where the image lies in its own texture.
const shaderSource = `//kage:unit pixels
package main

func box(p, half vec2, radius float) float {
	q := abs(p) - half + radius
	return min(max(q.x, q.y), 0) + length(max(q, vec2(0))) - radius
}

func arc(p vec2, radius, halfWidth, halfAngle float) float {
	p.y = abs(p.y)
	if atan2(p.y, p.x) > halfAngle {
		return length(p-vec2(cos(halfAngle), sin(halfAngle))*radius) - halfWidth
	}
	return abs(length(p)-radius) - halfWidth
}

func glyph(at vec2, smooth float) float {
	if smooth <= 0 {
		return imageSrc0UnsafeAt(at).a
	}
	corner := floor(at-0.5) + 0.5
	f := at - corner
	top := mix(imageSrc0UnsafeAt(corner).a, imageSrc0UnsafeAt(corner+vec2(1, 0)).a, f.x)
	bottom := mix(imageSrc0UnsafeAt(corner+vec2(0, 1)).a, imageSrc0UnsafeAt(corner+vec2(1, 1)).a, f.x)
	return mix(top, bottom, f.y)
}

func trail(p, half vec2, pitch float) float {
	dot := half.y * 4 / 3
	at := p.x + half.x - dot
	k := floor(at/pitch + 0.5)
	return (1 - 0.16*k) * clamp(0.5-box(vec2(at-k*pitch, p.y), vec2(dot, half.y), half.y*0.67), 0, 1)
}

// Dots keep to whole pixels, however far apart they are.
func grid(p vec2, pitch, size float) float {
	at := p - floor(floor(p/pitch)*pitch+0.5)
	return step(0, min(at.x, at.y)) * step(max(at.x, at.y), size)
}

func Fragment(dst vec4, src vec2, color vec4, custom vec4) vec4 {
	p := src - imageSrc0Origin()
	if custom.w >= 0 {
		d := box(p, custom.xy, custom.z)
		if custom.w > 0 {
			d = max(d, -d-custom.w)
		}
		return color * clamp(0.5-d, 0, 1)
	}
	if custom.w > -1.5 {
		return color * glyph(src, custom.x)
	}
	if custom.w > -2.5 {
		return color * clamp(0.5-arc(p, custom.x, custom.y, custom.z), 0, 1)
	}
	if custom.w > -3.5 {
		return color * custom.x
	}
	if custom.w > -4.5 {
		return color * trail(p, custom.xy, custom.z)
	}
	if custom.w > -5.5 {
		return color * grid(p, custom.x, custom.y)
	}
	blur := -10 - custom.w
	d := box(p, custom.xy, custom.z)
	return color * (1 - smoothstep(-blur, blur, d))
}
`

const (
	modeGlyph  = -1
	modeArc    = -2
	modeConvex = -3
	modeTrail  = -4
	modeGrid   = -5
	modeShadow = -10
)
