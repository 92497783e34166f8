// Written out, name by name: the engine makes of it a comparison of constants, where a loop looks each of them up. This runs
// several times in each of millions of scenarios.

const { getOwnPropertyDescriptor, getPrototypeOf } = Object

/** The methods of a holder as they are now, a getter by itself. */
function taken<T extends object>(holder: T): T {
  const methods: Record<PropertyKey, unknown> = {}
  for (const key of Reflect.ownKeys(holder)) {
    methods[key] = standsAt(holder, key)
  }
  return methods as T
}

const Lists = Array.prototype
const lists = taken(Lists)
const Maps = Map.prototype
const maps = taken(Maps)
const Sets = Set.prototype
const sets = taken(Sets)
const WeakMaps = WeakMap.prototype
const weakMaps = taken(WeakMaps)
const WeakSets = WeakSet.prototype
const weakSets = taken(WeakSets)
const Texts = String.prototype
const texts = taken(Texts)
const Patterns = RegExp.prototype
const patterns = taken(Patterns)
const Iterators = Iterator.prototype
const iterators = taken(Iterators)
const OfLists = getPrototypeOf([].values()) as Iterator<unknown>
const ofLists = taken(OfLists)
const OfMaps = getPrototypeOf(new Map().values()) as Iterator<unknown>
const ofMaps = taken(OfMaps)
const OfSets = getPrototypeOf(new Set().values()) as Iterator<unknown>
const ofSets = taken(OfSets)
const objectStatics = taken(Object)
const listStatics = taken(Array)
const mapStatics = taken(Map)
const math = taken(Math)
const json = taken(JSON)
const reflect = taken(Reflect)
const Globals = globalThis
// By name: what Node loads when it is first asked for is not to be loaded, nor compared, here.
const globals = { Array, JSON, Map, Math, Object, Reflect, RegExp, Set, String, Symbol, WeakMap, WeakSet }

/** Whether all that judging is made of is what it was before any subject was loaded. */
export function isIntact(): boolean {
  return (
    areConstructors() &&
    areLists() &&
    areCollections() &&
    areTexts() &&
    areIterators() &&
    areStatics() &&
    standsAt(Maps, 'size') === maps.size &&
    standsAt(Sets, 'size') === sets.size
  )
}

/** The method or the getter. */
function standsAt(holder: object, key: PropertyKey): unknown {
  const property = getOwnPropertyDescriptor(holder, key) as Readonly<Record<string, unknown>> | undefined
  return property?.['get'] ?? property?.['value']
}

function areConstructors(): boolean {
  return (
    Globals.Array === globals.Array &&
    Globals.JSON === globals.JSON &&
    Globals.Map === globals.Map &&
    Globals.Math === globals.Math &&
    Globals.Object === globals.Object &&
    Globals.Reflect === globals.Reflect &&
    Globals.RegExp === globals.RegExp &&
    Globals.Set === globals.Set &&
    Globals.String === globals.String &&
    Globals.Symbol === globals.Symbol &&
    Globals.WeakMap === globals.WeakMap &&
    Globals.WeakSet === globals.WeakSet
  )
}

function areLists(): boolean {
  return (
    Lists.at === lists.at &&
    Lists.concat === lists.concat &&
    Lists.constructor === lists.constructor &&
    Lists.entries === lists.entries &&
    Lists.every === lists.every &&
    Lists.filter === lists.filter &&
    Lists.find === lists.find &&
    Lists.findIndex === lists.findIndex &&
    Lists.findLast === lists.findLast &&
    Lists.flatMap === lists.flatMap &&
    Lists.includes === lists.includes &&
    Lists.indexOf === lists.indexOf &&
    Lists.join === lists.join &&
    Lists.keys === lists.keys &&
    Lists.map === lists.map &&
    Lists.push === lists.push &&
    Lists.reduce === lists.reduce &&
    Lists.slice === lists.slice &&
    Lists.some === lists.some &&
    Lists.toSorted === lists.toSorted &&
    Lists.values === lists.values &&
    Lists[Symbol.iterator] === lists[Symbol.iterator]
  )
}

function areCollections(): boolean {
  return (
    Maps.entries === maps.entries &&
    Maps.get === maps.get &&
    Maps.has === maps.has &&
    Maps.keys === maps.keys &&
    Maps.set === maps.set &&
    Maps.values === maps.values &&
    Maps[Symbol.iterator] === maps[Symbol.iterator] &&
    Sets.add === sets.add &&
    Sets.entries === sets.entries &&
    Sets.has === sets.has &&
    Sets.keys === sets.keys &&
    Sets.values === sets.values &&
    Sets[Symbol.iterator] === sets[Symbol.iterator] &&
    WeakMaps.get === weakMaps.get &&
    WeakMaps.has === weakMaps.has &&
    WeakMaps.set === weakMaps.set &&
    WeakSets.add === weakSets.add &&
    WeakSets.has === weakSets.has
  )
}

function areTexts(): boolean {
  return (
    Texts.at === texts.at &&
    Texts.concat === texts.concat &&
    Texts.includes === texts.includes &&
    Texts.indexOf === texts.indexOf &&
    Texts.match === texts.match &&
    Texts.replaceAll === texts.replaceAll &&
    Texts.slice === texts.slice &&
    Texts.startsWith === texts.startsWith &&
    Texts.toLowerCase === texts.toLowerCase &&
    Texts.trim === texts.trim &&
    Texts[Symbol.iterator] === texts[Symbol.iterator] &&
    Patterns.constructor === patterns.constructor &&
    Patterns.exec === patterns.exec &&
    Patterns.test === patterns.test &&
    Patterns[Symbol.match] === patterns[Symbol.match] &&
    Patterns[Symbol.replace] === patterns[Symbol.replace]
  )
}

function areIterators(): boolean {
  return (
    Iterators.every === iterators.every &&
    Iterators.filter === iterators.filter &&
    Iterators.find === iterators.find &&
    Iterators.flatMap === iterators.flatMap &&
    Iterators.map === iterators.map &&
    Iterators.reduce === iterators.reduce &&
    Iterators.some === iterators.some &&
    Iterators[Symbol.iterator] === iterators[Symbol.iterator] &&
    OfLists.next === ofLists.next &&
    OfMaps.next === ofMaps.next &&
    OfSets.next === ofSets.next
  )
}

function areStatics(): boolean {
  return (
    Object.assign === objectStatics.assign &&
    Object.create === objectStatics.create &&
    Object.entries === objectStatics.entries &&
    Object.freeze === objectStatics.freeze &&
    Object.fromEntries === objectStatics.fromEntries &&
    Object.getPrototypeOf === objectStatics.getPrototypeOf &&
    Object.hasOwn === objectStatics.hasOwn &&
    Object.is === objectStatics.is &&
    Object.isFrozen === objectStatics.isFrozen &&
    Object.keys === objectStatics.keys &&
    Object.values === objectStatics.values &&
    Array.from === listStatics.from &&
    Array.isArray === listStatics.isArray &&
    Map.groupBy === mapStatics.groupBy &&
    Math.abs === math.abs &&
    Math.max === math.max &&
    JSON.stringify === json.stringify &&
    Reflect.ownKeys === reflect.ownKeys
  )
}
