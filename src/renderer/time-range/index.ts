export { GoToTime } from './go-to-time.tsx';
