import '@fontsource-variable/hanken-grotesk/wght.css';
import '@fontsource/commit-mono/400.css';
import '@fontsource/commit-mono/600.css';
