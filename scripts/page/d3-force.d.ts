/** As much of d3-force as the page uses: it comes without types. */
export interface Body {
  x: number;
  y: number;
}

type Force = (alpha: number) => void;

interface Simulation {
  tick(): Simulation;
  stop(): Simulation;
  alpha(): number;
  alpha(value: number): Simulation;
  alphaDecay(value: number): Simulation;
  force(name: string, force: Force | null): Simulation;
}

interface ManyBody extends Force {
  (alpha: number): void;
  strength(value: number): ManyBody;
  theta(value: number): ManyBody;
}

interface Link extends Force {
  (alpha: number): void;
  distance(value: number): Link;
}

interface Toward extends Force {
  (alpha: number): void;
  strength(value: number): Toward;
}

export function forceSimulation(bodies: Body[]): Simulation;
export function forceManyBody(): ManyBody;
export function forceLink(links: { source: number; target: number }[]): Link;
export function forceX(x: number): Toward;
export function forceY(y: number): Toward;
export function forceCollide(radius: number): Force;
