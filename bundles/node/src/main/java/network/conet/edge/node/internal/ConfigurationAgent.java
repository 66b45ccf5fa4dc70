package network.conet.edge.node.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import network.conet.edge.api.Lifecycle;
import network.conet.edge.node.internal.ConfigFile.ConfigException;
import network.conet.edge.node.internal.ConfigFile.Setting;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/**
 * Brings the configuration file to the bundles. Each bundle says in its metatype which settings it has, of which type,
 * range and default; this agent holds the file against that and hands each bundle what is its own. A setting that no
 * bundle has, or with a value out of range, ends the node before it serves anything.
 *
 * <p>Works only when the framework property {@value #FILE_PROPERTY} names a file. Without it somebody else (Eclipse
 * Kura) gives the same bundles the same settings.
 */
@Component(immediate = true, service = {})
public final class ConfigurationAgent implements FrameworkListener, BundleListener {
    static final String FILE_PROPERTY = "conet.config";
    /** Names the settings that suit the machine; those of the file win. */
    static final String PROFILE_PROPERTY = "conet.profile";

    private static final String PREFIX = "network.conet.edge.";

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final MetaTypeService metaTypes;
    private final Lifecycle lifecycle;
    private final Path file;
    private final Path profile;
    private final Set<String> known = new HashSet<>();
    private Map<String, Setting> settings;

    /** Called by the component runtime. */
    @Activate
    public ConfigurationAgent(BundleContext context, @Reference ConfigurationAdmin admin,
            @Reference MetaTypeService metaTypes, @Reference Lifecycle lifecycle) {
        this.context = context;
        this.admin = admin;
        this.metaTypes = metaTypes;
        this.lifecycle = lifecycle;
        file = path(context, FILE_PROPERTY);
        profile = path(context, PROFILE_PROPERTY);
        if (file != null) {
            context.addFrameworkListener(this);
            if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.ACTIVE) {
                configureAll();
            }
        }
    }

    private static Path path(BundleContext context, String property) {
        String name = context.getProperty(property);
        return name == null ? null : Path.of(name);
    }

    /** Called by the component runtime. */
    @Deactivate
    void deactivate() {
        context.removeBundleListener(this);
        context.removeFrameworkListener(this);
    }

    /** The name that the file uses for a bundle. */
    static String shortName(String symbolicName) {
        return symbolicName.startsWith(PREFIX) ? symbolicName.substring(PREFIX.length()) : symbolicName;
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.STARTED) {
            configureAll();
        }
    }

    /** A bundle that comes later, or comes back changed. */
    @Override
    public void bundleChanged(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTED) {
            guarded(() -> configure(event.getBundle()));
        }
    }

    private synchronized void configureAll() {
        if (settings != null) {
            return;
        }
        guarded(() -> {
            settings = new LinkedHashMap<>();
            if (profile != null) {
                settings.putAll(ConfigFile.read(profile));
            }
            settings.putAll(ConfigFile.read(file));
            // All is checked before anything is handed out: a bad file starts nothing.
            Set<String> bundles = new TreeSet<>();
            for (Bundle bundle : context.getBundles()) {
                for (ObjectClassDefinition definition : definitionsOf(bundle)) {
                    bundles.add(shortName(definition.getID()));
                    properties(definition);
                }
            }
            for (Setting setting : settings.values()) {
                if (!known.contains(setting.key())) {
                    throw new ConfigException(complaint(setting, bundles));
                }
            }
            context.addBundleListener(this);
            for (Bundle bundle : context.getBundles()) {
                configure(bundle);
            }
        });
    }

    private String complaint(Setting setting, Set<String> bundles) {
        String where = setting.place();
        return bundles.contains(setting.bundle())
                ? where + setting.bundle() + " has no setting " + setting.name() + "; it has "
                        + namesOf(setting.bundle())
                : where + "no bundle " + setting.bundle() + " is installed; there are " + bundles;
    }

    private Set<String> namesOf(String bundle) {
        Set<String> names = new TreeSet<>();
        for (String key : known) {
            if (key.startsWith(bundle + '.')) {
                names.add(key.substring(bundle.length() + 1));
            }
        }
        return names;
    }

    private synchronized void configure(Bundle bundle) throws ConfigException, IOException {
        for (ObjectClassDefinition definition : definitionsOf(bundle)) {
            admin.getConfiguration(definition.getID(), null).updateIfDifferent(properties(definition));
        }
    }

    /** Asked once a bundle: it may stop between two questions. The id of each definition is its PID. */
    private List<ObjectClassDefinition> definitionsOf(Bundle bundle) {
        if (bundle.getSymbolicName() == null || !bundle.getSymbolicName().startsWith(PREFIX)) {
            return List.of();
        }
        MetaTypeInformation information = metaTypes.getMetaTypeInformation(bundle);
        return information == null
                ? List.of()
                : Stream.of(information.getPids()).map(pid -> information.getObjectClassDefinition(pid, null)).toList();
    }

    private Dictionary<String, Object> properties(ObjectClassDefinition definition) throws ConfigException {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (AttributeDefinition attribute : definition.getAttributeDefinitions(ObjectClassDefinition.ALL)) {
            String key = shortName(definition.getID()) + '.' + attribute.getID();
            known.add(key);
            Setting setting = settings.get(key);
            if (setting != null) {
                properties.put(attribute.getID(),
                        SettingType.convert(setting.place() + key, setting.value(), attribute));
            }
        }
        return properties;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (ConfigException bad) {
            lifecycle.refuseToStart("node", bad.getMessage());
        } catch (IOException failed) {
            lifecycle.refuseToStart("node", "the framework cannot keep the configuration: " + failed.getMessage());
        }
    }

    /** A step that may find fault with the configuration. */
    private interface Work {
        void run() throws ConfigException, IOException;
    }
}
