/** Where an arrow key leads within cards that stand in rows, whatever their number a row. */

export interface Place {
  left: number;
  top: number;
}

/** A row's cards do not start at exactly the same height where zooming rounds them. */
const SAME_ROW_PX = 4;

/** The index of the next card; undefined for a key that leads nowhere from here. */
export function nextCard(places: readonly Place[], from: number, key: string): number | undefined {
  const here = places[from];
  if (here === undefined) return undefined;
  switch (key) {
    case 'ArrowRight':
      return from + 1 < places.length ? from + 1 : undefined;
    case 'ArrowLeft':
      return from > 0 ? from - 1 : undefined;
    case 'Home':
      return 0;
    case 'End':
      return places.length - 1;
    case 'ArrowDown':
      return nearest(places, here, 1);
    case 'ArrowUp':
      return nearest(places, here, -1);
    default:
      return undefined;
  }
}

/** In the next row that way, the card that stands nearest below or above. */
function nearest(places: readonly Place[], here: Place, way: 1 | -1): number | undefined {
  const beyond = places
    .map((place, index) => ({
      index,
      rows: (place.top - here.top) * way,
      aside: Math.abs(place.left - here.left),
    }))
    .filter(({ rows }) => rows > SAME_ROW_PX);
  const row = Math.min(...beyond.map(({ rows }) => rows));
  return beyond
    .filter(({ rows }) => rows <= row + SAME_ROW_PX)
    .sort((one, other) => one.aside - other.aside)[0]?.index;
}
