package figure

import "math"

// The lengths of a dash and of the gap after it.
const (
	dashOn  = 6.0
	dashOff = 4.0
)

// outline returns polygons whose union is the line along path of the given
// width, with round joints: all are wound the same way, so that a rasteriser
// that counts windings fills the union.
func outline(path []point, width float64) [][]point {
	var all [][]point
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		nx, ny := (b.y-a.y)/length*width/2, -(b.x-a.x)/length*width/2
		all = append(all, []point{{a.x + nx, a.y + ny}, {b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}})
		if i+1 < len(path) {
			all = append(all, circle(b, width/2))
		}
	}
	return all
}

func circle(at point, radius float64) []point {
	const n = 24
	p := make([]point, n)
	for i := range p {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		p[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return p
}

// dashes cuts a path into dashes.
func dashes(path []point) [][]point {
	var all [][]point
	dash, rest, on := path[:1:1], dashOn, true
	for i := 1; i < len(path); i++ {
		a, b := path[i-1], path[i]
		for {
			length := math.Hypot(b.x-a.x, b.y-a.y)
			if length < rest {
				rest -= length
				dash = append(dash, b)
				break
			}
			a = point{a.x + (b.x-a.x)*rest/length, a.y + (b.y-a.y)*rest/length}
			if on {
				all = append(all, append(dash, a))
			}
			dash, on = []point{a}, !on
			if rest = dashOff; on {
				rest = dashOn
			}
		}
	}
	if on && len(dash) > 1 {
		all = append(all, dash)
	}
	return all
}
