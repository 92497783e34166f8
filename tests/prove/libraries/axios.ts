/** For those who need it beside a library that is named when it is loaded. */
export { default as axios } from 'axios'
