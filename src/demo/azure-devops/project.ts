import { guidOf } from './identity.ts';
import { processes, type BugsBehavior, type Process } from './process.ts';
import type { ProjectSpec, TeamSpec } from './records.ts';
import { createTree, type Node, type Tree } from './tree.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  /** What a team that nobody configured lacks. */
  readonly areas: readonly { readonly path: string; readonly includeChildren: boolean }[];
  readonly defaultArea: string | null;
  readonly backlogIteration: Node | null;
  /** Grows as people plan further ones. */
  readonly iterations: Node[];
  readonly bugsBehavior: BugsBehavior;
  readonly hiddenLevels: readonly string[];
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly process: Process;
  readonly areas: Tree;
  readonly iterations: Tree;
  /** The first one is the default team. */
  readonly teams: readonly Team[];
}

/** Builds a project with its trees and its default team `<name> Team`. */
export function createProject(spec: ProjectSpec, nextNodeId: () => number): Project {
  const process = processes[spec.process ?? 'Agile'];
  const areas = createTree(spec.name, 'area', nextNodeId);
  const iterations = createTree(spec.name, 'iteration', nextNodeId);
  for (const path of spec.areas ?? []) areas.add(`${spec.name}\\${path}`);
  for (const { path, dates } of spec.iterations ?? []) iterations.add(`${spec.name}\\${path}`, dates);
  const wanted: readonly TeamSpec[] = [
    { name: `${spec.name} Team`, areas: [{ path: '', includeChildren: true }] },
    ...(spec.teams ?? []),
  ];
  const shape = { name: spec.name, process, areas, iterations, bugs: spec.bugsBehavior ?? process.bugsBehavior };
  return {
    id: guidOf(`project ${spec.name}`),
    name: spec.name,
    process,
    areas,
    iterations,
    teams: wanted.map(team => createTeam(team, shape)),
  };
}

interface Shape {
  readonly name: string;
  readonly process: Process;
  readonly areas: Tree;
  readonly iterations: Tree;
  readonly bugs: BugsBehavior;
}

function createTeam(spec: TeamSpec, project: Shape): Team {
  const below = (path: string): string => (path === '' ? project.name : `${project.name}\\${path}`);
  const fresh = spec.fresh === true;
  const areas = fresh ? [] : (spec.areas ?? [{ path: spec.name, includeChildren: true }]);
  for (const { path } of areas) project.areas.add(below(path));
  return {
    id: guidOf(`team ${project.name} ${spec.name}`),
    name: spec.name,
    areas: areas.map(({ path, includeChildren }) => ({ path: below(path), includeChildren })),
    defaultArea: areas[0] === undefined ? null : below(areas[0].path),
    backlogIteration: fresh ? null : project.iterations.root,
    iterations: fresh ? [] : chosenIterations(spec, project),
    bugsBehavior: spec.bugsBehavior ?? project.bugs,
    hiddenLevels: spec.hiddenLevels ?? [],
  };
}

function chosenIterations(spec: TeamSpec, project: Shape): Node[] {
  const { iterations } = project;
  if (spec.iterations === undefined) return iterations.all().filter(node => node.parent !== null);
  return spec.iterations.map(path => iterations.add(`${project.name}\\${path}`));
}
